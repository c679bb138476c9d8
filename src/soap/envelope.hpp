#pragma once
// The SOAP envelope, versions 1.1 and 1.2: taken off a body, and put around an answer. Headers are
// not looked at, mustUnderstand or not. Pure functions; any thread.

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/xml.hpp"
#include "soap/names.hpp"

namespace headwater::soap {

/// A parsed message. Movable; the nodes and views are valid as long as it is.
struct Envelope {
    xml::Document document;
    Version version = Version::k11;
    /// The first element of the Body.
    pugi::xml_node content = {};
    std::string_view name = {};  ///< of the content, without prefix
    std::string_view name_space = {};

    /// True if the content is the Fault of this version of SOAP.
    [[nodiscard]] bool is_fault() const;
};

/// Errors: those of xml::Document::parse, "soap.not_an_envelope", "soap.version" (an Envelope of
/// neither version), "soap.empty_body".
[[nodiscard]] Result<Envelope> parse_envelope(std::string body, const xml::Limits& limits = {});

/// All up to the Body's content, and all after it.
void begin_envelope(std::string& out, Version version, Style style);
void end_envelope(std::string& out, Style style);

[[nodiscard]] std::string_view envelope_namespace(Version version);
/// "s" or "soap".
[[nodiscard]] std::string_view envelope_prefix(Style style);
/// The Content-Type of a message, with its charset.
[[nodiscard]] std::string_view content_type(Version version);

}  // namespace headwater::soap
