#pragma once
// From an element to a message, by the message's field table. Pure functions; any thread.
//
// Elements come in any order and under any prefix; what the table does not know is skipped. An
// element that is missing leaves its member as it was made, as .NET does; a malformed one is an
// error.

#include <cstddef>
#include <expected>
#include <string>
#include <vector>

#include "base/xml.hpp"
#include "soap/type.hpp"

namespace headwater::soap {

struct ReadOptions {
    /// Items of one array; more are an error.
    std::size_t max_items = 20'000;
    /// Where to name the elements that no table knows, as "parameters.Colour"; or null.
    std::vector<std::string>* unknown = nullptr;
};

/// What could not be read.
struct ReadError {
    /// The element under the message's own, as "parameters.InstalledNonLeafUpdateIDs".
    std::string path;
    /// One sentence that names the path.
    std::string sentence;
};

namespace detail {
[[nodiscard]] std::expected<void, ReadError> read(const pugi::xml_node& element, const Type& type,
                                                  void* value, const ReadOptions& options);
}

/// Reads the children of an element; they have to be in the element's own namespace.
template <typename T>
[[nodiscard]] std::expected<T, ReadError> read(const pugi::xml_node& element,
                                               const ReadOptions& options = {}) {
    std::expected<T, ReadError> value;
    if (auto done = detail::read(element, type_of<T>(), &*value, options); !done) {
        return std::unexpected(std::move(done.error()));
    }
    return value;
}

}  // namespace headwater::soap
