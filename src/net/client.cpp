#include "net/client.hpp"

#include <curl/curl.h>
#include <pthread.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <mutex>
#include <thread>
#include <vector>

#include "base/thread_priority.hpp"
#include "net/transfer.hpp"

namespace headwater::net {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// How late a cancellation or a stall may be seen.
constexpr std::chrono::milliseconds kTick{150};
constexpr std::chrono::minutes kIdle{1};
/// For an announced body room is made at once, so that it is not copied while it grows. Memory that
/// nothing is written to costs nothing.
constexpr std::uint64_t kMostRoom = 64U << 20U;
/// A sink that blocks the thread must not look like a stall of the other transfers.
constexpr std::chrono::milliseconds kLongestTick{1000};
constexpr long kKeptConnections = 64;

void initialize_curl() {
    static const CURLcode once = ::curl_global_init(CURL_GLOBAL_DEFAULT);
    static_cast<void>(once);
}

/// OpenSSL writes to sockets without MSG_NOSIGNAL.
void block_sigpipe() {
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

/// Bytes of a body as its head tells them, no more than are taken; 0 where it does not.
std::size_t announced_length(const Headers& headers, std::uint64_t most) {
    const std::string_view text = headers.get("Content-Length").value_or("");
    std::uint64_t length = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    if (error != std::errc{} || end != text.data() + text.size())
        return 0;
    return static_cast<std::size_t>(std::min({length, most, kMostRoom}));
}

struct MultiCleanup {
    void operator()(CURLM* multi) const { ::curl_multi_cleanup(multi); }
};

}  // namespace

class Client::Impl {
public:
    explicit Impl(ClientOptions options);
    ~Impl();
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    Result<ClientResponse> run(Transfer& transfer);

private:
    void work();
    bool take_new();
    void collect_finished();
    void tick(std::chrono::milliseconds passed);
    void release(Transfer& transfer);
    void abandon_all();

    const ClientOptions options_;
    std::unique_ptr<CURLM, MultiCleanup> multi_;
    std::vector<Transfer*> active_;  ///< the thread's own
    std::mutex mutex_;               ///< guards what follows
    std::vector<Transfer*> new_;
    bool stopping_ = false;
    std::jthread thread_;
};

Client::Impl::Impl(ClientOptions options) : options_(std::move(options)) {
    initialize_curl();
    multi_.reset(::curl_multi_init());
    if (multi_ == nullptr)
        throw std::bad_alloc();
    ::curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, kKeptConnections);
    thread_ = std::jthread([this] {
        block_sigpipe();
        if (options_.is_background)
            become_background_thread();
        work();
    });
}

Client::Impl::~Impl() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    ::curl_multi_wakeup(multi_.get());
    thread_.join();
}

Result<ClientResponse> Client::Impl::run(Transfer& transfer) {
    if (auto prepared = transfer.prepare(options_); !prepared)
        return std::unexpected(prepared.error());
    {
        const std::lock_guard lock(mutex_);
        new_.push_back(&transfer);
    }
    ::curl_multi_wakeup(multi_.get());
    return transfer.wait();
}

void Client::Impl::work() {
    auto before = SteadyClock::now();
    while (take_new()) {
        int running = 0;
        ::curl_multi_perform(multi_.get(), &running);
        collect_finished();
        const auto now = SteadyClock::now();
        const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(now - before);
        before += passed;
        tick(std::min(passed, kLongestTick));
        const std::chrono::milliseconds pause = active_.empty() ? kIdle : kTick;
        ::curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(pause.count()), nullptr);
        // Time that passed before a transfer came is not a part of its stall.
        if (active_.empty())
            before = SteadyClock::now();
    }
    abandon_all();
}

/// False when the client ends.
bool Client::Impl::take_new() {
    const std::lock_guard lock(mutex_);
    for (Transfer* transfer : new_) {
        ::curl_easy_setopt(transfer->handle(), CURLOPT_PRIVATE, static_cast<void*>(transfer));
        active_.push_back(transfer);
        const CURLMcode added = ::curl_multi_add_handle(multi_.get(), transfer->handle());
        if (added == CURLM_OK)
            continue;
        active_.pop_back();
        transfer->abandon({"net.protocol",
                           "The request could not be begun.",
                           {},
                           {::curl_multi_strerror(added)}});
    }
    new_.clear();
    return !stopping_;
}

void Client::Impl::collect_finished() {
    int left = 0;
    while (const CURLMsg* message = ::curl_multi_info_read(multi_.get(), &left)) {
        if (message->msg != CURLMSG_DONE)
            continue;
        const CURLcode code = message->data.result;
        char* owner = nullptr;
        ::curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &owner);
        auto& transfer = *static_cast<Transfer*>(static_cast<void*>(owner));
        release(transfer);
        transfer.finish(code);
    }
}

void Client::Impl::tick(std::chrono::milliseconds passed) {
    // Another one goes first each time: the first takes the most of a limited rate.
    if (!active_.empty())
        std::ranges::rotate(active_, active_.begin() + 1);
    const std::vector<Transfer*> all = active_;
    for (Transfer* transfer : all) {
        auto error = transfer->tick(passed);
        if (!error)
            continue;
        release(*transfer);
        transfer->abandon(std::move(*error));
    }
}

/// Once its outcome is set, the waiting caller destroys the transfer: it leaves before.
void Client::Impl::release(Transfer& transfer) {
    ::curl_multi_remove_handle(multi_.get(), transfer.handle());
    std::erase(active_, &transfer);
}

void Client::Impl::abandon_all() {
    const std::vector<Transfer*> all = active_;
    for (Transfer* transfer : all) {
        release(*transfer);
        transfer->abandon({"net.cancelled", "The request was cancelled: the program is ending."});
    }
}

Client::Client(ClientOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}

Client::~Client() = default;

Result<ClientResponse> Client::fetch(const ClientRequest& request) {
    std::string body;
    const BodySink collect = [&body](ByteView part) {
        body += as_text(part);
        return true;
    };
    const HeadSink make_room = [&](unsigned, const Headers& headers) {
        body.reserve(announced_length(headers, request.max_body_bytes));
        return true;
    };
    auto response = stream(request, make_room, collect);
    if (response)
        response->body = std::move(body);
    return response;
}

Result<ClientResponse> Client::stream(const ClientRequest& request, const HeadSink& head,
                                      const BodySink& body) {
    Transfer transfer(request, head, body);
    return impl_->run(transfer);
}

Result<std::vector<Certificate>> Client::certificates(const ClientRequest& request) {
    const BodySink none = [](ByteView) { return true; };
    Transfer transfer(request, nullptr, none, Transfer::Purpose::kCertificates);
    auto response = impl_->run(transfer);
    if (!response)
        return std::unexpected(std::move(response).error());
    return std::move(response->certificates);
}

}  // namespace headwater::net
