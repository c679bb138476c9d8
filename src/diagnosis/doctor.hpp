#pragma once
// `headwater doctor`: the checks by which an administrator finds why a synchronization fails, each
// with a finding, its evidence and a remedy. Owned by the composition; any thread may call, and
// waits for the network at most a few times `patience` for each check. A check changes nothing
// unless it is told to mend.

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/secret_box.hpp"
#include "base/time.hpp"
#include "content/transfer.hpp"
#include "net/client.hpp"
#include "policy/options.hpp"
#include "policy/publisher.hpp"
#include "store/store.hpp"

namespace headwater::diagnosis {

enum class CheckState : std::uint8_t {
    kOk,
    kWarning,
    kError,
    kSkipped,  ///< does not apply to this configuration
};

[[nodiscard]] std::string_view name_of(CheckState state);

struct CheckResult {
    CheckState state = CheckState::kOk;
    std::string finding;
    std::vector<std::string> evidence = {};
    std::string remedy = {};
    /// The check can mend this by itself, without harm.
    bool is_fixable = false;
};

struct CheckInfo {
    std::string_view name;   ///< "proxy"
    std::string_view title;  ///< "The proxy server"
};

struct CheckReport {
    CheckInfo info;
    CheckResult result;
    double seconds = 0;
};

/// Of a bucket that the content lies in: whether a small object could be put, read and removed.
struct BucketState {
    std::string place;  ///< "s3://…"
    Result<> usable;
};

/// What the checks look at.
struct DoctorSources {
    store::Store& store;
    policy::Publisher& publisher;
    content::Transfer& transfer;
    net::Client& client;
    const SecretBox& secrets;
    const Clock& clock;
    std::function<std::filesystem::path()> content;
    /// Asks the bucket; nothing where there is none. Empty: there is none.
    std::function<std::optional<BucketState>()> bucket = {};
    /// Where systemd keeps what starts with the machine.
    std::filesystem::path units = "/etc/systemd/system";
    /// For one answer of the network.
    std::chrono::milliseconds patience{10'000};
};

class Doctor {
public:
    explicit Doctor(DoctorSources sources);

    /// In the order in which they are best read.
    [[nodiscard]] static std::span<const CheckInfo> checks();

    /// Runs one check on the options as they are stored. Errors: "doctor.unknown" for its name, and
    /// those of the store.
    /// @param fix  mends what it finds, where that is safe
    [[nodiscard]] Result<CheckReport> check(std::string_view name, bool fix) const;

    /// Whether a synchronization with these options would find its upstream: the checks of proxy,
    /// name, TLS, services and clock.
    [[nodiscard]] std::vector<CheckReport> test(const policy::SyncOptions& options) const;

    /// Ends what is under way on the network; for the end of the program.
    void cancel();

private:
    DoctorSources sources_;
    std::shared_ptr<net::CancelToken> cancel_ = std::make_shared<net::CancelToken>();
};

}  // namespace headwater::diagnosis
