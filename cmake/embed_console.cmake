# Writes TABLE, the C++ of headwater::admin::console_files(), from the files below FOLDER; an empty table
# where PAGE is empty. The bytes are taken in by the assembler, which is quick.

set(code "#include \"admin/console.hpp\"\n\n#include <array>\n\nnamespace {\n")
set(rows "")
set(count 0)
if(PAGE)
  file(GLOB_RECURSE files RELATIVE "${FOLDER}" "${FOLDER}/*")
  list(FILTER files EXCLUDE REGEX "\\.gz$")
  foreach(file ${files})
    execute_process(COMMAND gzip -9 -k -n -f "${FOLDER}/${file}" COMMAND_ERROR_IS_FATAL ANY)
    foreach(part plain packed)
      set(path "${FOLDER}/${file}")
      if(part STREQUAL packed)
        string(APPEND path ".gz")
      endif()
      set(name "headwater_console_${count}_${part}")
      string(APPEND code "asm(\".section .rodata\\n.global ${name}\\n${name}:\\n.incbin \\\"${path}\\\"\\n"
                         ".global ${name}_end\\n${name}_end:\\n.byte 0\\n.previous\\n\");\n"
                         "extern \"C\" const char ${name}[];\nextern \"C\" const char ${name}_end[];\n")
    endforeach()
    set(name "headwater_console_${count}")
    string(APPEND rows "        ConsoleFile{\"/${file}\", {${name}_plain, ${name}_plain_end}, "
                       "{${name}_packed, ${name}_packed_end}},\n")
    math(EXPR count "${count} + 1")
  endforeach()
endif()
string(APPEND code "}  // namespace\n\nnamespace headwater::admin {\n\n"
                   "std::span<const ConsoleFile> console_files() {\n")
if(count EQUAL 0)
  string(APPEND code "    return {};\n")
else()
  string(APPEND code "    static const std::array<ConsoleFile, ${count}> kFiles = {\n${rows}    };\n    return kFiles;\n")
endif()
string(APPEND code "}\n\n}  // namespace headwater::admin\n")
file(WRITE "${TABLE}" "${code}")
