#pragma once
// The administrators' API as the commands call it.

#include <boost/json.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "net/client.hpp"

namespace headwater::cli {

struct ApiRequest {
    std::string method = "GET";
    std::string path;  ///< below /api/v1, with its query, escaped: "updates?state=any"
    std::optional<boost::json::value> body = std::nullopt;
    /// How long the server may keep silent before it answers.
    std::chrono::seconds patience{120};
};

/// Somebody who answers requests: the server behind a socket, or a test. One thread at a time.
class Api {
public:
    Api() = default;
    Api(const Api&) = delete;
    Api& operator=(const Api&) = delete;
    virtual ~Api() = default;
    /// Errors: what the server says, "cli.no_server", "cli.no_access", "cli.bad_answer", and those
    /// of net::Client.
    [[nodiscard]] virtual Result<boost::json::value> call(const ApiRequest& request) = 0;
};

/// The server that listens on a local socket.
class SocketApi final : public Api {
public:
    explicit SocketApi(std::string socket);
    [[nodiscard]] Result<boost::json::value> call(const ApiRequest& request) override;

private:
    std::string socket_;
    net::Client client_;
};

/// The value of an answer, or the error that its problem document (RFC 9457) tells.
[[nodiscard]] Result<boost::json::value> read_answer(unsigned status, std::string_view body);

/// For one part of a path or one value of a query: "a b/c" is "a%20b%2Fc".
[[nodiscard]] std::string percent_encode(std::string_view text);
/// "?a=1&b=x%20y" of what is not empty; an empty text without any.
[[nodiscard]] std::string query_of(
    const std::vector<std::pair<std::string, std::string>>& parameters);

/// Where the server's socket is expected: $HEADWATER_SOCKET, else headwater.sock in the data
/// folder, which is $HEADWATER_DATA, else /var/lib/headwater if it is there, else ./data.
[[nodiscard]] std::string default_socket(
    const std::function<std::optional<std::string>(const std::string&)>& variable,
    const std::function<bool(const std::filesystem::path&)>& is_folder);

}  // namespace headwater::cli
