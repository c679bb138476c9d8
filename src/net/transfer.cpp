#include "net/transfer.hpp"

#include <unistd.h>

#include <algorithm>
#include <exception>

#include "base/bytes.hpp"
#include "net/certificates.hpp"
#include "net/wire.hpp"

namespace headwater::net {
namespace {

constexpr std::size_t kMaxHeaderBytes = 256 * 1024;
constexpr long kBufferBytes = 128 * 1024;
constexpr char kProtocols[] = "http,https";

Transfer& transfer_of(void* self) {
    return *static_cast<Transfer*>(self);
}

std::string_view trim(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

Error cancelled(const std::string& where) {
    return {"net.cancelled", "The request to " + where + " was cancelled."};
}

}  // namespace

Transfer::Transfer(const ClientRequest& request, const HeadSink& head, const BodySink& body,
                   Purpose purpose)
    : request_(request), head_(head), body_(body), purpose_(purpose) {}

template <typename Value>
void Transfer::set(CURLoption option, Value value) {
    ::curl_easy_setopt(easy_.get(), option, value);
}

Result<> Transfer::prepare(const ClientOptions& options) {
    if (auto sound = check(); !sound)
        return sound;
    easy_.reset(::curl_easy_init());
    if (easy_ == nullptr || !append_headers())
        return fail("net.protocol", "The request to " + where() + " could not be prepared.", {},
                    {"Out of memory"});
    set(CURLOPT_URL, request_.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, kProtocols);
    set(CURLOPT_REDIR_PROTOCOLS_STR, kProtocols);
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_USERAGENT, "Headwater/0.1");
    set(CURLOPT_HTTPHEADER, lines_.get());
    set(CURLOPT_ERRORBUFFER, detail_.data());
    if (!options.trusted_certificates.empty())
        set(CURLOPT_CAINFO, options.trusted_certificates.c_str());
    set(CURLOPT_NOSIGNAL, 1L);
    // Else a cancelled transfer waits for the name servers to answer.
    set(CURLOPT_QUICK_EXIT, 1L);
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    set(CURLOPT_BUFFERSIZE, kBufferBytes);
    if (!request_.local_socket.empty())
        set(CURLOPT_UNIX_SOCKET_PATH, request_.local_socket.c_str());
    set_method();
    set_login();
    set_limits();
    set_proxy();
    set_purpose();
    set_callbacks();
    return {};
}

Result<> Transfer::check() const {
    const auto& fields = request_.headers.fields();
    const bool fields_fit = std::ranges::all_of(fields, [](const auto& field) {
        return is_token(field.first) && is_field_value(field.second);
    });
    if (!is_token(request_.method) || !fields_fit)
        return fail("net.protocol", "The request to " + where() +
                                        " has a method or a header field that is not valid.");
    if (endpoint_of(request_.url).empty())
        return fail("net.protocol", "\"" + request_.url + "\" is not a URL.",
                    "Give an address that begins with http:// or https://.");
    return {};
}

bool Transfer::append_line(const std::string& line) {
    curl_slist* longer = ::curl_slist_append(lines_.get(), line.c_str());
    if (longer == nullptr)
        return false;
    static_cast<void>(lines_.release());
    lines_.reset(longer);
    return true;
}

/// A line "Name:" keeps curl from sending a field of its own; "Name;" sends an empty one. curl
/// would sign what it does not send: a signed request has no such lines.
bool Transfer::append_headers() {
    if (!request_.aws && !append_line("Expect:"))
        return false;
    if (!request_.aws && !request_.headers.get("Content-Type") && !append_line("Content-Type:"))
        return false;
    return std::ranges::all_of(request_.headers.fields(), [this](const auto& field) {
        const auto& [name, value] = field;
        return append_line(trim(value).empty() ? name + ';' : name + ": " + value);
    });
}

void Transfer::set_method() {
    const std::string& method = request_.method;
    if (method == "HEAD") {
        set(CURLOPT_NOBODY, 1L);
        return;
    }
    if (request_.upload) {
        set_upload(*request_.upload);
        return;
    }
    if (method == "POST" || !request_.body.empty()) {
        set(CURLOPT_POST, 1L);
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
        set(CURLOPT_POSTFIELDS, request_.body.c_str());
    }
    if (method != "GET" && method != "POST")
        set(CURLOPT_CUSTOMREQUEST, method.c_str());
    else if (method == "GET" && !request_.body.empty())
        set(CURLOPT_CUSTOMREQUEST, "GET");
}

void Transfer::set_upload(const Upload& upload) {
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(upload.length));
    set(CURLOPT_READFUNCTION, &Transfer::on_upload);
    set(CURLOPT_READDATA, static_cast<void*>(this));
    set(CURLOPT_SEEKFUNCTION, &Transfer::on_rewind);
    set(CURLOPT_SEEKDATA, static_cast<void*>(this));
    if (request_.method != "PUT")
        set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
}

void Transfer::set_login() {
    if (!request_.aws)
        return;
    set(CURLOPT_AWS_SIGV4, ("aws:amz:" + request_.aws->region + ":s3").c_str());
    set(CURLOPT_USERNAME, request_.aws->access_key.c_str());
    set(CURLOPT_PASSWORD, request_.aws->secret.c_str());
}

void Transfer::set_limits() {
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.connect_timeout.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(request_.total_timeout.count()));
    set(CURLOPT_FOLLOWLOCATION, request_.max_redirects > 0 ? 1L : 0L);
    // curl counts the rounds of a login among the redirects.
    constexpr long kLoginRounds = 4;
    const long login = request_.proxy ? kLoginRounds : 0;
    set(CURLOPT_MAXREDIRS,
        request_.max_redirects > 0 ? static_cast<long>(request_.max_redirects) + login : -1L);
}

void Transfer::set_proxy() {
    if (!request_.proxy) {
        // Without this curl would obey http_proxy in the environment.
        set(CURLOPT_PROXY, "");
        return;
    }
    const Proxy& proxy = *request_.proxy;
    set(CURLOPT_PROXY, ("http://" + host_and_port(proxy)).c_str());
    set(CURLOPT_NOPROXY, "");
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (proxy.user.empty())
        return;
    const auto basic = proxy.allow_basic ? CURLAUTH_BASIC : CURLAUTH_NONE;
    set(CURLOPT_PROXYAUTH,
        static_cast<long>(basic | CURLAUTH_DIGEST | CURLAUTH_NTLM | CURLAUTH_NEGOTIATE));
    set(CURLOPT_PROXYUSERNAME, proxy.user.c_str());
    set(CURLOPT_PROXYPASSWORD, proxy.password.c_str());
}

void Transfer::set_purpose() {
    if (purpose_ != Purpose::kCertificates)
        return;
    set(CURLOPT_CONNECT_ONLY, 1L);
    set(CURLOPT_CERTINFO, 1L);
    set(CURLOPT_SSL_VERIFYPEER, 0L);
    set(CURLOPT_SSL_VERIFYHOST, 0L);
    // A connection that is there already shows its certificates to nobody any more.
    set(CURLOPT_FRESH_CONNECT, 1L);
    set(CURLOPT_FORBID_REUSE, 1L);
}

void Transfer::set_callbacks() {
    void* self = this;
    set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
    set(CURLOPT_HEADERDATA, self);
    set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
    set(CURLOPT_WRITEDATA, self);
    set(CURLOPT_XFERINFOFUNCTION, &Transfer::on_progress);
    set(CURLOPT_XFERINFODATA, self);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_PREREQFUNCTION, &Transfer::on_connected);
    set(CURLOPT_PREREQDATA, self);
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
    const std::size_t bytes = size * count;
    return transfer_of(self).take_header({data, bytes}) ? bytes : 0;
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
    const std::size_t bytes = size * count;
    if (transfer_of(self).has_to_wait(bytes))
        return CURL_WRITEFUNC_PAUSE;
    const bool taken = transfer_of(self).take_body(as_bytes({data, bytes}));
    // Any other number than that of the bytes ends the transfer, also for an empty part.
    return taken ? bytes : bytes + 1;
}

bool Transfer::has_to_wait(std::uint64_t bytes) {
    waits_ = request_.rate_limit && !request_.rate_limit->take(bytes);
    return waits_;
}

/// curl hands over what it holds from within, and as much more as it may.
std::optional<Error> Transfer::go_on() {
    if (!request_.rate_limit->is_open())
        return std::nullopt;
    const CURLcode code = ::curl_easy_pause(easy_.get(), CURLPAUSE_CONT);
    if (code == CURLE_OK)
        return std::nullopt;
    return failure_ ? std::move(failure_) : describe_failure(code);
}

std::size_t Transfer::on_upload(char* data, std::size_t size, std::size_t count, void* self) {
    Transfer& transfer = transfer_of(self);
    const Upload& upload = *transfer.request_.upload;
    const std::uint64_t left = upload.length - transfer.handed_over_;
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(size * count, left));
    const ssize_t read = ::pread(upload.file->descriptor(), data, wanted,
                                 static_cast<off_t>(upload.offset + transfer.handed_over_));
    if (read < 0 || (read == 0 && wanted > 0))
        return CURL_READFUNC_ABORT;
    transfer.handed_over_ += static_cast<std::uint64_t>(read);
    return static_cast<std::size_t>(read);
}

int Transfer::on_rewind(void* self, curl_off_t offset, int origin) {
    Transfer& transfer = transfer_of(self);
    if (origin != SEEK_SET || offset < 0 ||
        static_cast<std::uint64_t>(offset) > transfer.request_.upload->length)
        return CURL_SEEKFUNC_FAIL;
    transfer.handed_over_ = static_cast<std::uint64_t>(offset);
    return CURL_SEEKFUNC_OK;
}

int Transfer::on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t uploaded) {
    Transfer& transfer = transfer_of(self);
    // After a redirect curl counts from zero again.
    const curl_off_t news =
        uploaded >= transfer.uploaded_ ? uploaded - transfer.uploaded_ : uploaded;
    transfer.uploaded_ = uploaded;
    transfer.count_progress(static_cast<std::uint64_t>(news));
    return 0;
}

int Transfer::on_connected(void* self, char*, char*, int, int) {
    transfer_of(self).connected_ = true;
    return CURL_PREREQFUNC_OK;
}

/// A head begins with its status line; those before the last (100, redirects) are forgotten. Fields
/// after the body (trailers) are not asked for by anyone and are dropped.
bool Transfer::take_header(std::string_view line) {
    count_progress(line.size());
    header_bytes_ += line.size();
    if (header_bytes_ > kMaxHeaderBytes)
        return stop_with("net.protocol", "The header that " + where() + " sent is too large.");
    if (head_delivered_)
        return true;
    if (line.starts_with("HTTP/")) {
        response_.headers = {};
        return true;
    }
    // The rest of a folded field (RFC 9112 section 5.2) is not a field of its own.
    if (line.starts_with(' ') || line.starts_with('\t'))
        return true;
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos)
        response_.headers.add(std::string(trim(line.substr(0, colon))),
                              std::string(trim(line.substr(colon + 1))));
    return true;
}

bool Transfer::take_body(ByteView part) {
    count_progress(part.size());
    if (!head_delivered_ && announces_too_much())
        return stop_too_large();
    if (!head_delivered_ && !deliver_head())
        return false;
    if (request_.cancel && request_.cancel->cancelled()) {
        failure_ = cancelled(where());
        return false;
    }
    body_bytes_ += part.size();
    if (body_bytes_ > request_.max_body_bytes)
        return stop_too_large();
    return offer([&] { return body_(part); });
}

bool Transfer::announces_too_much() const {
    curl_off_t length = -1;
    ::curl_easy_getinfo(easy_.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    return length > 0 && static_cast<std::uint64_t>(length) > request_.max_body_bytes;
}

bool Transfer::deliver_head() {
    head_delivered_ = true;
    long status = 0;
    ::curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    response_.status = static_cast<unsigned>(status);
    // What a proxy says about itself is no answer of the server's: no sink sees it.
    if (auto refused = refusal_of_the_proxy()) {
        failure_ = std::move(refused);
        return false;
    }
    return !head_ || offer([&] { return head_(response_.status, response_.headers); });
}

/// An exception of the caller's must not pass through curl, which is C.
template <typename Sink>
bool Transfer::offer(const Sink& sink) {
    const auto refused = [this](std::vector<std::string> causes) {
        return stop_with("net.sink", "The answer of " + where() + " was not taken.", {},
                         std::move(causes));
    };
    try {
        return sink() || refused({});
    } catch (const std::exception& exception) {
        return refused({exception.what()});
    } catch (...) {
        return refused({"an exception of unknown type"});
    }
}

/// False always, which is what ends a callback.
bool Transfer::stop_with(std::string code, std::string sentence, std::string remedy,
                         std::vector<std::string> causes) {
    failure_ = Error{std::move(code), std::move(sentence), std::move(remedy), std::move(causes)};
    return false;
}

bool Transfer::stop_too_large() {
    return stop_with("net.too_large", "The answer of " + where() + " is larger than the " +
                                          std::to_string(request_.max_body_bytes) +
                                          " bytes that are taken.");
}

void Transfer::count_progress(std::uint64_t bytes) {
    window_bytes_ += bytes;
    const auto wanted = static_cast<std::uint64_t>(std::max<std::int64_t>(
        1, std::chrono::duration_cast<std::chrono::seconds>(request_.stall_timeout).count()));
    if (window_bytes_ < wanted)
        return;
    window_bytes_ = 0;
    window_ = {};
}

std::optional<Error> Transfer::tick(std::chrono::milliseconds passed) {
    if (request_.cancel && request_.cancel->cancelled())
        return cancelled(where());
    if (waits_) {
        window_bytes_ = 0;
        window_ = {};
        return go_on();
    }
    if (!connected_ || request_.stall_timeout.count() == 0)
        return std::nullopt;
    window_ += passed;
    if (window_ < request_.stall_timeout)
        return std::nullopt;
    return Error{"net.timeout",
                 where() + " sent or took fewer than 1 byte/s for " +
                     std::to_string(request_.stall_timeout.count()) + " s.",
                 "Try again later; if it happens often, look for what slows the way down."};
}

void Transfer::finish(CURLcode code) {
    if (code == CURLE_OK && !head_delivered_)
        static_cast<void>(deliver_head());
    if (failure_)
        return outcome_.set_value(std::unexpected(std::move(*failure_)));
    if (auto refused = refusal_of_the_proxy())
        return outcome_.set_value(std::unexpected(std::move(*refused)));
    if (code != CURLE_OK)
        return outcome_.set_value(std::unexpected(describe_failure(code)));
    char* url = nullptr;
    ::curl_easy_getinfo(easy_.get(), CURLINFO_EFFECTIVE_URL, &url);
    response_.effective_url = url != nullptr ? url : request_.url;
    if (purpose_ == Purpose::kCertificates)
        response_.certificates = certificates_of(easy_.get());
    outcome_.set_value(std::move(response_));
}

void Transfer::abandon(Error error) {
    outcome_.set_value(std::unexpected(std::move(error)));
}

std::string Transfer::where() const {
    if (!request_.local_socket.empty())
        return "the local socket " + request_.local_socket;
    char* url = nullptr;
    if (easy_ != nullptr)
        ::curl_easy_getinfo(easy_.get(), CURLINFO_EFFECTIVE_URL, &url);
    const bool has_begun = url != nullptr && *url != '\0';
    return has_begun ? endpoint_of(url) : first_endpoint();
}

std::string Transfer::first_endpoint() const {
    return endpoint_of(request_.url);
}

/// What has to be said where the proxy itself answered in the server's place.
std::optional<Error> Transfer::refusal_of_the_proxy() const {
    if (!request_.proxy)
        return std::nullopt;
    CurlFailure failure = known_so_far();
    failure.proxy_status = failure.connect_status != 0 && failure.connect_status / 100 != 2
                               ? failure.connect_status
                               : 0;
    if (failure.proxy_status == 0 && is_answer_of_the_proxy(response_))
        failure.proxy_status = response_.status;
    if (failure.proxy_status == 0)
        return std::nullopt;
    if (const auto said = response_.headers.get("X-Squid-Error"))
        failure.proxy_says = *said;
    return describe_proxy(failure);
}

CurlFailure Transfer::known_so_far() const {
    CurlFailure failure;
    failure.where = where();
    failure.host = failure.where.substr(0, failure.where.rfind(':'));
    failure.detail = trim(detail_.data());
    failure.connected = connected_;
    failure.proxy = request_.proxy.get();
    long value = 0;
    ::curl_easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &failure.system_error);
    ::curl_easy_getinfo(easy_.get(), CURLINFO_REDIRECT_COUNT, &value);
    failure.redirected = value > 0;
    ::curl_easy_getinfo(easy_.get(), CURLINFO_HTTP_CONNECTCODE, &value);
    failure.connect_status = static_cast<unsigned>(value);
    ::curl_easy_getinfo(easy_.get(), CURLINFO_PROXYAUTH_AVAIL, &failure.proxy_logins);
    ::curl_easy_getinfo(easy_.get(), CURLINFO_SSL_VERIFYRESULT, &failure.verify_result);
    return failure;
}

Error Transfer::describe_failure(CURLcode code) const {
    CurlFailure failure = known_so_far();
    failure.code = code;
    // After a redirect that is refused, the effective URL is the one that was not gone to.
    if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_URL_MALFORMAT) {
        failure.where = first_endpoint();
        failure.host = failure.where.substr(0, failure.where.rfind(':'));
    }
    return describe(failure);
}

}  // namespace headwater::net
