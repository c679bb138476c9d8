#pragma once
// How many answers with content are under way at once: of each client, and in all. Owned by the
// serving; any thread.

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace headwater::content {

struct AdmissionLimits {
    /// Answers to one address; many computers may share one behind a router or a proxy.
    std::size_t per_client = 1'000;
    std::size_t in_all = 10'000;
};

class Admission {
public:
    explicit Admission(AdmissionLimits limits) : state_(std::make_shared<State>(limits)) {}

    /// Counts one answer until the lease is let go, which may outlive this. Null where a limit is
    /// reached.
    [[nodiscard]] std::shared_ptr<const void> admit(const std::string& client);
    /// Answers under way.
    [[nodiscard]] std::size_t under_way() const;

private:
    struct State {
        explicit State(AdmissionLimits of) : limits(of) {}
        const AdmissionLimits limits;
        std::mutex mutex;
        std::size_t in_all = 0;
        std::unordered_map<std::string, std::size_t> of_client;
    };
    struct Lease;

    std::shared_ptr<State> state_;
};

}  // namespace headwater::content
