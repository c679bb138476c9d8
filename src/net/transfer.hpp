#pragma once
// Private to net/: one request of the client on its way, around one easy handle of curl.
//
// The caller makes it, prepares it and waits for it; in between it belongs to the client's thread.
// The request and the sinks are the caller's, and outlive it because the caller waits.

#include <curl/curl.h>

#include <array>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/client.hpp"
#include "net/curl_error.hpp"

namespace headwater::net {

class Transfer {
public:
    enum class Purpose : std::uint8_t {
        kAnswer,
        kCertificates,  ///< ends after the handshake; trusts whoever answers, and sends nothing
    };

    Transfer(const ClientRequest& request, const HeadSink& head, const BodySink& body,
             Purpose purpose = Purpose::kAnswer);
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    /// Sets up the handle; once, before the transfer is handed on.
    [[nodiscard]] Result<> prepare(const ClientOptions& options);
    [[nodiscard]] CURL* handle() const { return easy_.get(); }

    /// Time passed on the client's thread. An error where the transfer must end: cancelled,
    /// stalled.
    [[nodiscard]] std::optional<Error> tick(std::chrono::milliseconds passed);
    /// curl is done with it.
    void finish(CURLcode code);
    /// Ends it without curl. Either this or finish() is called, once.
    void abandon(Error error);

    /// Blocks until one of both was called.
    [[nodiscard]] Result<ClientResponse> wait() { return outcome_.get_future().get(); }

private:
    struct EasyCleanup {
        void operator()(CURL* easy) const { ::curl_easy_cleanup(easy); }
    };
    struct ListCleanup {
        void operator()(curl_slist* list) const { ::curl_slist_free_all(list); }
    };

    template <typename Value>
    void set(CURLoption option, Value value);
    [[nodiscard]] Result<> check() const;
    [[nodiscard]] bool append_line(const std::string& line);
    [[nodiscard]] bool append_headers();
    void set_method();
    void set_upload(const Upload& upload);
    void set_login();
    void set_limits();
    void set_proxy();
    void set_purpose();
    void set_callbacks();

    static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
    static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
    static std::size_t on_upload(char* data, std::size_t size, std::size_t count, void* self);
    static int on_rewind(void* self, curl_off_t offset, int origin);
    static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t uploaded);
    static int on_connected(void* self, char*, char*, int, int);

    [[nodiscard]] bool has_to_wait(std::uint64_t bytes);
    [[nodiscard]] std::optional<Error> go_on();
    [[nodiscard]] bool take_header(std::string_view line);
    [[nodiscard]] bool take_body(ByteView part);
    [[nodiscard]] bool deliver_head();
    [[nodiscard]] bool announces_too_much() const;
    template <typename Sink>
    [[nodiscard]] bool offer(const Sink& sink);
    [[nodiscard]] bool stop_with(std::string code, std::string sentence, std::string remedy = {},
                                 std::vector<std::string> causes = {});
    [[nodiscard]] bool stop_too_large();
    void count_progress(std::uint64_t bytes);
    [[nodiscard]] std::string where() const;
    [[nodiscard]] std::string first_endpoint() const;
    [[nodiscard]] Error describe_failure(CURLcode code) const;
    [[nodiscard]] CurlFailure known_so_far() const;
    [[nodiscard]] std::optional<Error> refusal_of_the_proxy() const;

    const ClientRequest& request_;
    const HeadSink& head_;
    const BodySink& body_;
    Purpose purpose_;
    std::unique_ptr<CURL, EasyCleanup> easy_;
    std::unique_ptr<curl_slist, ListCleanup> lines_;
    std::array<char, CURL_ERROR_SIZE> detail_{};
    std::promise<Result<ClientResponse>> outcome_;

    ClientResponse response_;
    std::optional<Error> failure_;  ///< found by us inside one of curl's callbacks
    std::size_t header_bytes_ = 0;
    std::uint64_t body_bytes_ = 0;
    bool head_delivered_ = false;
    bool connected_ = false;
    bool waits_ = false;  ///< curl holds a part of the body, for the limit of the rate

    // The stall: fewer bytes than seconds since the window began.
    std::chrono::milliseconds window_{0};
    std::uint64_t window_bytes_ = 0;
    curl_off_t uploaded_ = 0;
    std::uint64_t handed_over_ = 0;  ///< bytes of the file that is sent
};

}  // namespace headwater::net
