#include "cli/api.hpp"

#include <unistd.h>

#include <cerrno>

namespace headwater::cli {
namespace {

namespace json = boost::json;

constexpr std::uint64_t kMaxAnswerBytes = std::uint64_t{256} << 20U;
constexpr const char* kDataFolder = "/var/lib/headwater";
constexpr const char* kSocketName = "headwater.sock";

std::string text_of(const json::object& object, const char* name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string{};
}

Error no_server(const std::string& socket, const Error& behind) {
    std::vector<std::string> causes = {behind.sentence};
    causes.insert(causes.end(), behind.causes.begin(), behind.causes.end());
    if (::access(socket.c_str(), F_OK) == 0 && ::access(socket.c_str(), W_OK) != 0 &&
        errno == EACCES) {
        return {"cli.no_access", "You may not use the socket " + socket + " of the server.",
                "Run the command as root, or as a member of the group that owns the socket.",
                std::move(causes)};
    }
    return {
        "cli.no_server", "The Headwater server is not running: nobody listens on " + socket + ".",
        "Start it with `headwater serve` (or `systemctl start headwater`), or name its socket with "
        "--socket.",
        std::move(causes)};
}

}  // namespace

SocketApi::SocketApi(std::string socket) : socket_(std::move(socket)) {}

Result<json::value> SocketApi::call(const ApiRequest& request) {
    net::ClientRequest sent;
    sent.method = request.method;
    sent.url = "http://localhost/api/v1/" + request.path;
    sent.local_socket = socket_;
    sent.stall_timeout = request.patience;
    sent.max_body_bytes = kMaxAnswerBytes;
    sent.headers.set("Accept", "application/json");
    if (request.body) {
        sent.headers.set("Content-Type", "application/json");
        sent.body = json::serialize(*request.body);
    }
    const auto answer = client_.fetch(sent);
    if (!answer) {
        const std::string& code = answer.error().code;
        return std::unexpected(code == "net.connect" || code == "net.resolve"
                                   ? no_server(socket_, answer.error())
                                   : answer.error());
    }
    return read_answer(answer->status, answer->body);
}

Result<json::value> read_answer(unsigned status, std::string_view body) {
    json::error_code error;
    json::value value = json::parse(body, error);
    const bool success = status >= 200 && status < 300;
    if (success && !error) {
        return value;
    }
    if (success || error || !value.is_object() || !value.get_object().contains("title")) {
        return fail("cli.bad_answer",
                    "The server answered with status " + std::to_string(status) +
                        " and without the JSON that this command understands.",
                    "Check that `headwater serve` and this command are of the same version.",
                    error ? std::vector<std::string>{error.message()} : std::vector<std::string>{});
    }
    constexpr std::string_view kPrefix = "urn:headwater:error:";
    const json::object& problem = value.get_object();
    const std::string type = text_of(problem, "type");
    Error told{type.starts_with(kPrefix) ? type.substr(kPrefix.size()) : type,
               text_of(problem, "title"), text_of(problem, "detail")};
    if (const json::value* causes = problem.if_contains("causes");
        causes != nullptr && causes->is_array()) {
        for (const json::value& cause : causes->get_array()) {
            if (cause.is_string()) {
                told.causes.emplace_back(cause.get_string());
            }
        }
    }
    return std::unexpected(std::move(told));
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    constexpr std::string_view kPlain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string encoded;
    for (const char c : text) {
        if (kPlain.find(c) != std::string_view::npos) {
            encoded += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            encoded += '%';
            encoded += kDigits[byte >> 4U];
            encoded += kDigits[byte & 15U];
        }
    }
    return encoded;
}

std::string query_of(const std::vector<std::pair<std::string, std::string>>& parameters) {
    std::string query;
    for (const auto& [name, value] : parameters) {
        if (!value.empty()) {
            query += (query.empty() ? "?" : "&") + name + "=" + percent_encode(value);
        }
    }
    return query;
}

std::string default_socket(
    const std::function<std::optional<std::string>(const std::string&)>& variable,
    const std::function<bool(const std::filesystem::path&)>& is_folder) {
    if (const auto socket = variable("HEADWATER_SOCKET"); socket && !socket->empty()) {
        return *socket;
    }
    std::filesystem::path folder = "data";
    if (const auto data = variable("HEADWATER_DATA"); data && !data->empty()) {
        folder = *data;
    } else if (is_folder(kDataFolder)) {
        folder = kDataFolder;
    }
    return (folder / kSocketName).string();
}

}  // namespace headwater::cli
