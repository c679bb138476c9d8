#pragma once
// What is needed to start: headwater.toml, and what the command line says over it. Values.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "content/admission.hpp"
#include "content/bucket.hpp"
#include "net/server.hpp"
#include "soap/service.hpp"

namespace headwater::server {

/// How a bucket of an S3 server is used as the content folder.
struct S3Config {
    content::BucketAccount account;
    /// Of begun files, and of those that were asked for last; empty: "cache" in the data folder.
    std::filesystem::path folder;
    std::uint64_t cache_bytes = std::uint64_t{20} << 30U;
    content::Bucket::Sizes sizes = {};
};

struct Config {
    /// Holds headwater.db, content/ and headwater.sock.
    std::filesystem::path data = "data";
    /// Where agents and downstream servers connect; empty for all addresses.
    std::string address;
    /// 0 for any free port.
    std::uint16_t port = 8530;
    /// Where administrators' browsers connect. Nothing that manages answers on the other listener.
    std::string admin_address = "127.0.0.1";
    /// 0 for any free port. Left out: 8532, but any free one where agents have any free one.
    std::optional<std::uint16_t> admin_port;
    /// Empty: "headwater.sock" in the data folder.
    std::filesystem::path socket;
    /// Certificates (PEM) that are trusted besides the machine's own; empty for none.
    std::filesystem::path trusted_certificates;
    /// Events go to syslog(3) too.
    bool syslog = true;
    /// Nothing where no bucket can be used.
    std::optional<S3Config> s3;
    /// What clients can make the server spend.
    net::ServerLimits connections;
    content::AdmissionLimits downloads;
    soap::RequestLimits messages;

    [[nodiscard]] std::filesystem::path socket_path() const {
        return socket.empty() ? data / "headwater.sock" : socket;
    }
    [[nodiscard]] std::uint16_t admin_port_to_use() const {
        return admin_port.value_or(port == 0 ? 0 : kDefaultAdminPort);
    }

    static constexpr std::uint16_t kDefaultAdminPort = 8532;
};

/// Reads a file as docs/configuration.md describes it.
/// The secret of S3 comes from a file of its own, or from HEADWATER_S3_SECRET in the environment.
/// Errors: "config.unreadable" (the file, or its syntax with the line), "config.invalid" (a name
/// that is not known, a value of a wrong type or out of its range), naming the setting.
[[nodiscard]] Result<Config> load_config(const std::filesystem::path& file);

}  // namespace headwater::server
