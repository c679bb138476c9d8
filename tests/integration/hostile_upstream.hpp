#pragma once
// An upstream server that is real (our own upstream role, over its own store) until a test bends
// one of its answers. Used by one test.

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/testing.hpp"
#include "cli/sample_data.hpp"
#include "downstream/services.hpp"
#include "net/server.hpp"
#include "policy/publisher.hpp"
#include "store/store.hpp"

namespace headwater::integration {

/// A clock that a test sets forward.
class SettableClock : public Clock {
public:
    [[nodiscard]] Time now() const override {
        return Time{std::chrono::duration_cast<Time::duration>(
                   std::chrono::system_clock::now().time_since_epoch())} +
               std::chrono::seconds{ahead_};
    }
    void advance(std::chrono::seconds by) { ahead_ += by.count(); }

private:
    std::atomic<std::int64_t> ahead_ = 0;
};

class HostileUpstream {
public:
    /// @param nth  the number of this call of the operation, from 1
    /// Runs instead of the real answer, unless it returns nothing.
    using Instead = std::function<std::optional<net::Response>(const std::string& operation,
                                                               int nth, const net::Request&)>;
    /// Changes the real answer.
    using Bend = std::function<void(const std::string& operation, int nth, net::Response&)>;

    explicit HostileUpstream(std::uint32_t revisions = 250);
    ~HostileUpstream();

    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    [[nodiscard]] store::Store& store() { return *store_; }
    [[nodiscard]] policy::Publisher& publisher() { return *publisher_; }
    [[nodiscard]] std::size_t revisions() const { return publisher_->view()->catalog().size(); }

    /// Both wait until no answer is under way: what the old function refers to may go then.
    void answer_instead(Instead instead);
    void bend_answers(Bend bend);

    SettableClock clock;

    /// Becomes another server, as after a new installation: cookies of the old one are refused with
    /// ServerChanged.
    void be_replaced();

    /// Calls of an operation since the last forget().
    [[nodiscard]] int calls(const std::string& operation) const;
    void forget();

private:
    net::Response answer(const soap::Service& service, const net::Request& request);
    net::Response bent_answer(const soap::Service& service, const net::Request& request,
                              const std::string& operation, int nth);

    test_help::TemporaryFolder folder_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<policy::Publisher> publisher_;
    std::unique_ptr<protocol::Sealer> sealer_;
    std::vector<std::unique_ptr<protocol::Sealer>> retired_;
    std::shared_ptr<downstream::Services> services_;
    mutable std::mutex mutex_;
    std::condition_variable settled_;
    int under_way_ = 0;
    Instead instead_;
    Bend bend_;
    std::map<std::string, int> calls_;
    net::Server server_;
    std::uint16_t port_ = 0;
};

}  // namespace headwater::integration
