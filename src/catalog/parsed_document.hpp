#pragma once
// A document and its core fragment from one parse, as every import wants them. Pure; any thread.

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/xml.hpp"
#include "catalog/document.hpp"

namespace headwater::catalog {

struct Digested {
    Document document;
    std::string core;
};

/// Errors as parse_document.
[[nodiscard]] Result<Digested> digest_document(std::string_view xml);

/// The steps behind it, on one tree: bounded parsing with the root checked, then what is read of
/// it.
[[nodiscard]] Result<xml::Document> parse_update(std::string_view xml);
[[nodiscard]] Result<Document> read_document(const xml::Document& tree);
[[nodiscard]] std::string write_core(const xml::Document& tree);

}  // namespace headwater::catalog
