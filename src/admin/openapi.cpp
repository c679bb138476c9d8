#include "admin/openapi.hpp"

// HEADWATER_OPENAPI is the path of the document; the assembler takes it in.
asm(".section .rodata\n.global headwater_openapi\nheadwater_openapi:\n"
    ".incbin \"" HEADWATER_OPENAPI
    "\"\n.global headwater_openapi_end\nheadwater_openapi_end:\n.byte 0\n.previous\n");

extern "C" const char headwater_openapi[];      // NOLINT(*-avoid-c-arrays)
extern "C" const char headwater_openapi_end[];  // NOLINT(*-avoid-c-arrays)

namespace headwater::admin {

std::string_view openapi_document() {
    return {headwater_openapi, headwater_openapi_end};
}

}  // namespace headwater::admin
