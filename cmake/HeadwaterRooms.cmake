# headwater_room(name [ROOMS other rooms...] [LIBS imported targets...])
#
# One folder under src/ becomes one static library headwater_<name>, and its *_test.cpp files one
# test program <name>_tests. A room sees the headers of the rooms it names and of no others.

include(GoogleTest)

function(headwater_room name)
  cmake_parse_arguments(ROOM "" "" "ROOMS;LIBS" ${ARGN})
  set(dir "${CMAKE_CURRENT_SOURCE_DIR}/src/${name}")
  file(GLOB sources CONFIGURE_DEPENDS "${dir}/*.cpp")
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  if(NOT sources)
    return()
  endif()
  set(target headwater_${name})

  # Headers are reached as "<room>/<file>.hpp" through a folder that holds only this room, so that
  # including a room that is not linked fails to compile.
  set(include_dir "${CMAKE_BINARY_DIR}/include/${name}")
  file(MAKE_DIRECTORY "${include_dir}")
  file(CREATE_LINK "${dir}" "${include_dir}/${name}" SYMBOLIC)

  add_library(${target} STATIC ${sources})
  target_include_directories(${target} PUBLIC "${include_dir}")
  list(TRANSFORM ROOM_ROOMS PREPEND headwater_)
  target_link_libraries(${target} PUBLIC ${ROOM_ROOMS} ${ROOM_LIBS} Threads::Threads
                                  PRIVATE headwater_options)
  target_precompile_headers(${target} PRIVATE
    <algorithm> <array> <chrono> <cstdint> <expected> <functional> <memory> <optional> <span>
    <string> <string_view> <unordered_map> <utility> <variant> <vector>)

  if(tests)
    add_executable(${name}_tests ${tests})
    target_link_libraries(${name}_tests PRIVATE ${target} headwater_options headwater_test_options
                                             GTest::gmock_main)
    gtest_discover_tests(${name}_tests TEST_PREFIX "unit/${name}/" DISCOVERY_TIMEOUT 60
      WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}" PROPERTIES LABELS unit TIMEOUT 300)
  endif()
endfunction()
