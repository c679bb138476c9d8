# headwater_console(target): what the build of console/ made becomes part of a library, as the files of
# admin/console.hpp. Without npm, or with HEADWATER_CONSOLE off, there are none, and the program says so.

option(HEADWATER_CONSOLE "Build the web console into the program" ON)
find_program(HEADWATER_NPM npm)

function(headwater_console target)
  set(source "${CMAKE_SOURCE_DIR}/console")
  set(built "${CMAKE_BINARY_DIR}/console")
  set(table "${CMAKE_BINARY_DIR}/console_files.cpp")
  set(embed "${CMAKE_SOURCE_DIR}/cmake/embed_console.cmake")
  set(page "")
  if(HEADWATER_CONSOLE AND HEADWATER_NPM AND EXISTS "${source}/package.json")
    set(page "${built}/index.html")
    file(GLOB_RECURSE inputs CONFIGURE_DEPENDS "${source}/src/*" "${source}/public/*")
    list(APPEND inputs "${source}/index.html" "${source}/vite.config.ts" "${source}/tsconfig.json")
    set(packages "${source}/node_modules/.package-lock.json")
    add_custom_command(OUTPUT "${packages}"
      COMMAND "${HEADWATER_NPM}" ci --no-audit --no-fund --loglevel=error
      COMMAND "${CMAKE_COMMAND}" -E touch "${packages}"
      DEPENDS "${source}/package.json" "${source}/package-lock.json" WORKING_DIRECTORY "${source}"
      COMMENT "Installing what the console is built with" VERBATIM)
    add_custom_command(OUTPUT "${page}"
      COMMAND "${HEADWATER_NPM}" run --silent build -- --outDir "${built}" --emptyOutDir --logLevel warn
      DEPENDS ${inputs} "${packages}" WORKING_DIRECTORY "${source}" COMMENT "Building the console" VERBATIM)
  elseif(HEADWATER_CONSOLE)
    message(STATUS "The console is left out: there is no npm, or no console/.")
  endif()
  add_custom_command(OUTPUT "${table}"
    COMMAND "${CMAKE_COMMAND}" "-DFOLDER=${built}" "-DPAGE=${page}" "-DTABLE=${table}" -P "${embed}"
    DEPENDS ${page} "${embed}" COMMENT "Embedding the console" VERBATIM)
  target_sources(${target} PRIVATE "${table}")
  set_source_files_properties("${table}" PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
endfunction()
