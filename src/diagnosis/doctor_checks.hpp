#pragma once
// Private to diagnosis/: the checks of the doctor, a function each, in files by what they look at.
// Any thread.

#include "diagnosis/doctor.hpp"
#include "upstream/session.hpp"

namespace headwater::diagnosis {

struct CheckContext {
    const DoctorSources& sources;
    const policy::SyncOptions& options;
    bool fix = false;
    std::shared_ptr<const net::CancelToken> cancel;
};

/// The finding of a failure: its sentence, its code and its causes, its remedy.
[[nodiscard]] CheckResult failed(const Error& error, std::vector<std::string> evidence = {});
/// "12 ms"
[[nodiscard]] std::string milliseconds_text(std::chrono::milliseconds time);
/// As a shell takes it.
[[nodiscard]] std::string shell_quoted(const std::filesystem::path& path);

// doctor_network.cpp
[[nodiscard]] CheckResult check_proxy(const CheckContext& context);
[[nodiscard]] CheckResult check_ports(const CheckContext& context);
[[nodiscard]] CheckResult check_upstream_name(const CheckContext& context);
[[nodiscard]] CheckResult check_clock(const CheckContext& context);
[[nodiscard]] CheckResult check_tls(const CheckContext& context);

// doctor_upstream.cpp
[[nodiscard]] CheckResult check_services(const CheckContext& context);
[[nodiscard]] CheckResult check_parent(const CheckContext& context);
[[nodiscard]] CheckResult check_not_on_upstream(const CheckContext& context);

// doctor_local.cpp
[[nodiscard]] CheckResult check_last_synchronization(const CheckContext& context);
[[nodiscard]] CheckResult check_content_folder(const CheckContext& context);
[[nodiscard]] CheckResult check_transfer(const CheckContext& context);
[[nodiscard]] CheckResult check_database(const CheckContext& context);

}  // namespace headwater::diagnosis
