#pragma once
// The names that SOAP and XML Schema gave their vocabularies. Constants; any thread.

#include <string_view>

namespace headwater::soap {

inline constexpr std::string_view kEnvelope11Namespace =
    "http://schemas.xmlsoap.org/soap/envelope/";
inline constexpr std::string_view kEnvelope12Namespace = "http://www.w3.org/2003/05/soap-envelope";
inline constexpr std::string_view kInstanceNamespace = "http://www.w3.org/2001/XMLSchema-instance";
inline constexpr std::string_view kSchemaNamespace = "http://www.w3.org/2001/XMLSchema";
/// Where .NET keeps its guid, in a WSDL only.
inline constexpr std::string_view kTypesNamespace = "http://microsoft.com/wsdl/types/";

enum class Version { k11, k12 };

/// Whose handwriting an answer is in: the client service's (WCF) or that of the others (ASP.NET).
/// They differ in prefixes, in the XML declaration and in empty elements: `<X/>` and `<X />`.
enum class Style { kIndigo, kAsmx };

}  // namespace headwater::soap
