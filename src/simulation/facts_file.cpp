// Facts as JSON: their reading, with a sentence for everything that is not as it should be.

#include <boost/json.hpp>
#include <fstream>
#include <limits>

#include "base/utf.hpp"
#include "simulation/facts.hpp"

namespace headwater::simulation {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxBytes = std::size_t{4} << 20U;

std::unexpected<Error> invalid(std::string_view what, std::string_view wanted) {
    return fail("facts.invalid",
                "In the facts, '" + std::string(what) + "' is not " + std::string(wanted) + '.',
                "Correct that entry; simulation/facts.hpp shows the form.");
}

std::string_view view(const json::string& text) {
    return {text.data(), text.size()};
}

Result<std::string> text_of(const json::value& value, std::string_view what) {
    const json::string* text = value.if_string();
    if (text == nullptr) {
        return invalid(what, "a text");
    }
    return std::string(view(*text));
}

Result<std::uint32_t> number_of(const json::value& value, std::string_view what) {
    const std::int64_t* number = value.if_int64();
    if (number == nullptr || *number < 0 || *number > std::numeric_limits<std::uint32_t>::max()) {
        return invalid(what, "a whole number from 0 to 4294967295");
    }
    return static_cast<std::uint32_t>(*number);
}

Result<Guid> guid_of(const json::value& value, std::string_view what) {
    const json::string* text = value.if_string();
    const auto guid = text == nullptr ? std::nullopt : Guid::parse(view(*text));
    if (!guid) {
        return invalid(what, "a GUID");
    }
    return *guid;
}

Result<> read_os(const json::value& value, OperatingSystem& os) {
    const json::object* members = value.if_object();
    if (members == nullptr) {
        return invalid("os", "an object");
    }
    const std::array<std::pair<std::string_view, std::uint32_t*>, 6> numbers = {
        {{"major", &os.major},
         {"minor", &os.minor},
         {"build", &os.build},
         {"service_pack_major", &os.service_pack_major},
         {"service_pack_minor", &os.service_pack_minor},
         {"product_type", &os.product_type}}};
    for (const auto& [key, member] : *members) {
        const std::string_view name(key.data(), key.size());
        const std::string what = "os." + std::string(name);
        if (name == "description") {
            auto text = text_of(member, what);
            if (!text) {
                return std::unexpected(text.error());
            }
            os.description = std::move(*text);
            continue;
        }
        const auto* known = std::ranges::find_if(
            numbers, [name](const auto& entry) { return entry.first == name; });
        if (known == numbers.end()) {
            return invalid(what,
                           "one of major, minor, build, service_pack_major, "
                           "service_pack_minor, product_type, description");
        }
        const auto number = number_of(member, what);
        if (!number) {
            return std::unexpected(number.error());
        }
        *known->second = *number;
    }
    return {};
}

Result<> read_architecture(const json::value& value, Architecture& architecture) {
    const json::string* text = value.if_string();
    if (text != nullptr && *text == "x64") {
        architecture = Architecture::kX64;
    } else if (text != nullptr && *text == "x86") {
        architecture = Architecture::kX86;
    } else if (text != nullptr && *text == "arm64") {
        architecture = Architecture::kArm64;
    } else {
        return invalid("architecture", "x64, x86 or arm64");
    }
    return {};
}

template <typename T, typename Read>
Result<> read_list(const json::value& value, std::string_view what, Read read,
                   std::vector<T>& list) {
    const json::array* items = value.if_array();
    if (items == nullptr) {
        return invalid(what, "a list");
    }
    list.clear();
    for (const json::value& item : *items) {
        auto entry = read(item, what);
        if (!entry) {
            return std::unexpected(entry.error());
        }
        list.push_back(std::move(*entry));
    }
    return {};
}

Result<> read_key(std::string_view key, const json::object& values, Registry& registry) {
    registry.add_key(key);
    for (const auto& [name, value] : values) {
        const std::string what = std::string(key) + '\\' + std::string(name.data(), name.size());
        if (value.is_string()) {
            auto text = text_of(value, what);
            if (!text) {
                return std::unexpected(text.error());
            }
            registry.set(key, {name.data(), name.size()}, std::move(*text));
            continue;
        }
        const auto number = number_of(value, what);
        if (!number) {
            return invalid(what, "a text, or a whole number from 0 to 4294967295");
        }
        registry.set(key, {name.data(), name.size()}, *number);
    }
    return {};
}

Result<> read_registry(const json::value& value, Registry& registry) {
    const json::object* keys = value.if_object();
    if (keys == nullptr) {
        return invalid("registry", "an object of keys");
    }
    for (const auto& [key, values] : *keys) {
        const std::string_view name(key.data(), key.size());
        if (!values.is_object()) {
            return invalid(name, "an object of values");
        }
        if (auto done = read_key(name, values.get_object(), registry); !done) {
            return done;
        }
    }
    return {};
}

Result<> read_files(const json::value& value, Files& files) {
    const json::object* paths = value.if_object();
    if (paths == nullptr) {
        return invalid("files", "an object of paths");
    }
    for (const auto& [key, file] : *paths) {
        const std::string_view path(key.data(), key.size());
        const json::object* members = file.if_object();
        const json::value* text = members == nullptr ? nullptr : members->if_contains("version");
        FileVersion version{};
        if (text != nullptr) {
            const auto parsed =
                text->is_string() ? parse_version(view(text->get_string())) : std::nullopt;
            if (!parsed) {
                return invalid(path, R"(a file with a version as "1.2.3.4")");
            }
            version = *parsed;
        } else if (members == nullptr || !members->empty()) {
            return invalid(path, R"(an object with "version" or nothing in it)");
        }
        files.set(path, version);
    }
    return {};
}

Result<> read_text(const json::value& value, std::string_view what, std::string& text) {
    auto read = text_of(value, what);
    if (!read) {
        return std::unexpected(read.error());
    }
    text = std::move(*read);
    return {};
}

Result<> read_member(std::string_view name, const json::value& value, Facts& facts) {
    if (name == "client_id") {
        const auto guid = guid_of(value, name);
        if (!guid) {
            return std::unexpected(guid.error());
        }
        facts.client_id = *guid;
        return {};
    }
    if (name == "dns_name") {
        return read_text(value, name, facts.dns_name);
    }
    if (name == "target_group") {
        return read_text(value, name, facts.target_group);
    }
    if (name == "os") {
        return read_os(value, facts.os);
    }
    if (name == "architecture") {
        return read_architecture(value, facts.architecture);
    }
    if (name == "languages") {
        return read_list(value, name, text_of, facts.languages);
    }
    if (name == "computer_hardware_ids") {
        return read_list(value, name, guid_of, facts.computer_hardware_ids);
    }
    if (name == "failing_updates") {
        return read_list(value, name, guid_of, facts.failing_updates);
    }
    if (name == "registry") {
        return read_registry(value, facts.registry);
    }
    if (name == "files") {
        return read_files(value, facts.files);
    }
    return invalid(name, "a part of the facts");
}

}  // namespace

Result<Facts> Facts::parse(std::string_view text) {
    if (!is_valid_utf8(text)) {
        return fail("facts.malformed", "The facts are not UTF-8.", "Save the file as UTF-8.");
    }
    boost::system::error_code error;
    const json::value value = json::parse(json::string_view(text.data(), text.size()), error);
    if (error || !value.is_object()) {
        return fail("facts.malformed", "The facts are not a JSON object.",
                    "Correct the JSON; simulation/facts.hpp shows the form.",
                    error ? std::vector{error.message()} : std::vector<std::string>{});
    }
    Facts facts;
    for (const auto& [key, member] : value.get_object()) {
        if (auto done = read_member({key.data(), key.size()}, member, facts); !done) {
            return std::unexpected(done.error());
        }
    }
    return facts;
}

Result<Facts> Facts::load(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text(kMaxBytes + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file.eof() && !file.good()) {
        return fail("facts.unreadable", "The facts file " + path.string() + " cannot be read.",
                    "See that it exists and may be read.");
    }
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > kMaxBytes) {
        return fail("facts.too_large", "The facts file " + path.string() + " is over 4 MiB.",
                    "Keep in it only what the rules ask for.");
    }
    auto facts = parse(text);
    if (!facts) {
        facts.error().causes.insert(facts.error().causes.begin(), "in " + path.string());
    }
    return facts;
}

}  // namespace headwater::simulation
