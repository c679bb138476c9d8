#pragma once
// What the HTTP server and the HTTP client speak about: plain values, without Asio and without
// curl.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/feed.hpp"

namespace headwater::net {

/// Header fields in their order; names compare without regard to case.
class Headers {
public:
    using Field = std::pair<std::string, std::string>;

    /// The first value of a field; nothing without one.
    [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const;
    /// Appends a field.
    void add(std::string name, std::string value);
    /// Replaces all fields of this name by one.
    void set(std::string_view name, std::string value);
    [[nodiscard]] const std::vector<Field>& fields() const { return fields_; }

private:
    std::vector<Field> fields_;
};

/// A request as the server received it, whole.
struct Request {
    std::string method;  ///< "GET", "POST" ...
    std::string target;  ///< as sent, "/Content/AB/…?x=1"
    std::string path;    ///< before '?', percent-decoded once; may hold any byte
    std::string query;   ///< after '?', not decoded
    Headers headers;
    std::string body;
    std::string remote_address;  ///< "127.0.0.1"; empty on a local socket
    /// Where the client believes to be: the Host header, or the listener's address without one.
    std::string host;
    bool tls = false;
};

/// An open file, part of which is to be sent. Owns the descriptor.
class File {
public:
    File(int descriptor, std::uint64_t size);
    ~File();
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    [[nodiscard]] int descriptor() const { return descriptor_; }
    /// Bytes, when it was opened.
    [[nodiscard]] std::uint64_t size() const { return size_; }

private:
    int descriptor_;
    std::uint64_t size_;
};

/// A text, and behind it a stretch of a file (sent with sendfile where the socket is plain). Either
/// may be left out.
struct Part {
    std::string text = {};
    std::shared_ptr<const File> file = {};
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};

/// An answer. The body is the text and behind it the parts in their order, or a feed.
struct Response {
    unsigned status = 200;
    Headers headers;
    std::string body;
    std::vector<Part> parts;

    /// Not null: instead of the body, what this says for as long as it is open. Its length is not
    /// known before, so the connection ends with it.
    std::shared_ptr<Feed> feed;

    /// Closes the connection after this answer.
    bool close = false;
    /// Let go once the answer was taken, or its reader has left: what is counted against a limit.
    std::shared_ptr<const void> lease;
};

/// A plain-text answer.
[[nodiscard]] Response text_response(unsigned status, std::string text);
/// "Not Found" of 404.
[[nodiscard]] std::string_view reason_phrase(unsigned status);

/// Answers a request; called on a thread of the server. May throw: the server answers 500 and logs.
using Handler = std::function<Response(const Request&)>;

}  // namespace headwater::net
