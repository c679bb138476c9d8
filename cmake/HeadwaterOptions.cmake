# How everything of ours is compiled: warnings, sanitizers, the precompiled header, ccache.

option(HEADWATER_BENCH "Build the benchmarks" OFF)
set(HEADWATER_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize takes them")

add_library(headwater_options INTERFACE)
target_compile_options(headwater_options INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Woverloaded-virtual -Wcast-align -Wold-style-cast -Wunused
  -fstack-protector-strong
  # GCC 12 finds overflows in its own std::string where it inlines deeply (GCC bug 105329 and its kin).
  -Wno-stringop-overflow -Wno-stringop-overread -Wno-restrict -Wno-array-bounds)
target_compile_definitions(headwater_options INTERFACE $<$<CONFIG:Release,RelWithDebInfo>:_FORTIFY_SOURCE=2>)
target_link_options(headwater_options INTERFACE -Wl,-z,relro,-z,now)

if(HEADWATER_SANITIZE)
  # GCC's maybe-uninitialized analysis reports false findings in instrumented code.
  target_compile_options(headwater_options INTERFACE -fsanitize=${HEADWATER_SANITIZE}
    -fno-omit-frame-pointer -Wno-maybe-uninitialized)
  target_link_options(headwater_options INTERFACE -fsanitize=${HEADWATER_SANITIZE})
  if(HEADWATER_SANITIZE MATCHES thread)
    # The thread sanitizer does not see fences; Asio's own order comes from its locks.
    target_compile_definitions(headwater_options INTERFACE BOOST_ASIO_DISABLE_FENCED_BLOCK)
  endif()
endif()

# Tests themselves need no optimizing under a sanitizer: it would double the time that they build.
add_library(headwater_test_options INTERFACE)
if(HEADWATER_SANITIZE)
  target_compile_options(headwater_test_options INTERFACE -O0 -U_FORTIFY_SOURCE)
endif()

find_program(HEADWATER_CCACHE ccache)
if(HEADWATER_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${HEADWATER_CCACHE})
endif()
