#pragma once
// The cabinet in which a large document travels between servers: one member named "blob" that holds
// the document as UTF-16LE. [MS-WSUSSS] 3.1.4.6 (XmlUpdateBlobCompressed). Pure; any thread.

#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/error.hpp"

namespace headwater::catalog {

/// Reads a cabinet of any compression and returns its first member as UTF-8. `limit`: bytes that
/// the member may expand to (UTF-16). Errors: "cabinet.corrupt", "cabinet.too_large",
/// "cabinet.not_text".
[[nodiscard]] Result<std::string> read_document_cabinet(ByteView cabinet,
                                                        std::size_t limit = std::size_t{64} << 20U);

/// A cabinet with the document as its only member "blob" (MSZIP).
[[nodiscard]] Result<Bytes> write_document_cabinet(std::string_view utf8_document);

}  // namespace headwater::catalog
