#include "server/server.hpp"

#include "admin/accounts.hpp"
#include "admin/api.hpp"
#include "agents/services.hpp"
#include "base/log.hpp"
#include "base/secret_box.hpp"
#include "catalog/parsed_document.hpp"
#include "content/serving.hpp"
#include "content/shelf.hpp"
#include "content/transfer.hpp"
#include "content/upkeep.hpp"
#include "diagnosis/events.hpp"
#include "diagnosis/health_monitor.hpp"
#include "diagnosis/journal.hpp"
#include "downstream/services.hpp"
#include "net/client.hpp"
#include "net/server.hpp"
#include "policy/administration.hpp"
#include "server/file_source.hpp"
#include "server/identity.hpp"
#include "server/soap_route.hpp"
#include "upstream/scheduler.hpp"
#include "upstream/synchronizer.hpp"

namespace headwater::server {
namespace {

/// A server that is not slower than this is one that answers.
constexpr std::chrono::seconds kProbeTimeout{15};

/// Where this machine reaches a listener of its own.
std::string own_url(const std::string& address, std::uint16_t port) {
    std::string host = address;
    if (host.empty() || host == "0.0.0.0") {
        host = "127.0.0.1";
    } else if (host == "::") {
        host = "::1";
    }
    if (host.find(':') != std::string::npos) {
        host = "[" + host + "]";
    }
    return "http://" + host + ":" + std::to_string(port);
}

/// Derives everything again from the documents, revision by revision. Returns how many.
Result<std::size_t> rebuild(store::Store& store, policy::Publisher& publisher) {
    const auto ids = store.revision_ids();
    if (!ids) {
        return std::unexpected(ids.error());
    }
    for (const auto& [id, identity] : *ids) {
        const auto document = store.document(id);
        if (!document) {
            return std::unexpected(document.error());
        }
        auto digested = catalog::digest_document(document->value_or(""));
        if (!digested) {
            return fail("catalog.rebuild",
                        "The document of the revision " + identity.update_id.text() + " " +
                            std::to_string(identity.revision_number) + " cannot be read.",
                        "Restore the database from a backup, or synchronize into a new one.",
                        {digested.error().text()});
        }
        const auto revision = catalog::make_revision(digested->document, std::move(digested->core));
        if (auto replaced = store.replace_derived(id, revision); !replaced) {
            return std::unexpected(replaced.error());
        }
    }
    if (auto published = publisher.reload(); !published) {
        return std::unexpected(published.error());
    }
    return ids->size();
}

std::shared_ptr<const content::BucketAccess> bucket_access(const Config& config,
                                                           net::Client& client) {
    if (!config.s3) {
        return nullptr;
    }
    const S3Config& s3 = *config.s3;
    return std::make_shared<const content::BucketAccess>(
        client, s3.account, s3.folder.empty() ? config.data / "cache" : s3.folder, s3.cache_bytes,
        s3.sizes);
}

}  // namespace

class Server::Impl {
public:
    Impl(Config config, const Clock& clock, std::unique_ptr<store::Store> store, Identity identity,
         SecretBox secrets, const std::filesystem::path& content)
        : config_(std::move(config)),
          clock_(clock),
          store_(std::move(store)),
          secrets_(secrets),
          journal_(*store_, clock, {.syslog = config_.syslog}),
          client_({.trusted_certificates = config_.trusted_certificates.string(),
                   .is_background = true}),
          publisher_(*store_),
          administration_(*store_, publisher_, clock),
          sealer_(identity.id, std::move(identity.keys)),
          bucket_client_({.trusted_certificates = config_.trusted_certificates.string()}),
          bucket_access_(bucket_access(config_, bucket_client_)),
          shelf_(content, bucket_access_),
          files_(*store_, secrets_, client_, clock),
          transfer_(*store_, shelf_, client_, clock,
                    [this](const store::FileRecord& file) { return files_.of(file); },
                    {.attempted = [this](const Sha1& sha1) { after_attempt(sha1); },
                     .out_of_space = [this] { health_.wake(); },
                     .ask_upstream =
                         [this](std::span<const Sha1> digests) { return files_.ask(digests); }}),
          synchronizer_(*store_, publisher_, client_, secrets_, clock,
                        {[this](const store::SyncRun& run) { before_synchronization(run); },
                         [this](const store::SyncRun& run) { after_synchronization(run); },
                         [this] { return complete_synchronization(); }}),
          scheduler_(*store_, clock, identity.id,
                     [this](const std::string& kind) -> Result<> {
                         const auto started = synchronizer_.start(kind);
                         return started ? Result<>{} : std::unexpected(started.error());
                     }),
          agents_({*store_, publisher_, sealer_, clock, identity.config_changed,
                   [this](bool) { return port_; }, config_.messages}),
          downstream_(*store_, publisher_, sealer_, clock, identity.config_changed,
                      config_.messages,
                      [this](std::span<const Sha1> digests) { return transfer_.request(digests); }),
          upkeep_(*store_, shelf_, clock, upkeep_hooks()),
          health_({.store = *store_,
                   .journal = journal_,
                   .clock = clock,
                   .content = [this] { return shelf_.root(); },
                   .services = probes(),
                   .waits_for_space = [this] { return transfer_.waits_for_space(); }}),
          doctor_({.store = *store_,
                   .publisher = publisher_,
                   .transfer = transfer_,
                   .client = client_,
                   .secrets = secrets_,
                   .clock = clock,
                   .content = [this] { return shelf_.root(); },
                   .bucket = [this] { return bucket_state(); }}),
          serving_(
              shelf_, [this](const Sha1& sha1) { return known(sha1); },
              [this](const Sha1& sha1) { transfer_.lost({&sha1, 1}); }, config_.downloads),
          accounts_(*store_, clock),
          services_{*store_,
                    publisher_,
                    administration_,
                    synchronizer_,
                    scheduler_,
                    transfer_,
                    upkeep_,
                    secrets_,
                    journal_,
                    health_,
                    doctor_,
                    clock,
                    accounts_,
                    [this] { return rebuild(*store_, publisher_); },
                    [this] { return back_up(); },
                    kVersion},
          api_(services_),
          http_({.limits = config_.connections}),
          admin_http_({.limits = config_.connections, .io_threads = 1}) {}

    Result<> start() {
        if (auto prepared = shelf_.prepare(); !prepared) {
            return prepared;
        }
        if (auto loaded = journal_.load(); !loaded) {
            return loaded;
        }
        const auto closed = store_->close_interrupted_runs(clock_.now());
        if (!closed) {
            return std::unexpected(closed.error());
        }
        publisher_.on_publish([this](const std::shared_ptr<const policy::View>& view) {
            if (auto wanted = transfer_.want(*view); !wanted) {
                log::error("The files that are wanted cannot be queued: " + wanted.error().text());
            }
        });
        if (auto loaded = publisher_.load(); !loaded) {
            return loaded;
        }
        if (auto listening = listen(); !listening) {
            return listening;
        }
        transfer_.start();
        upkeep_.resume();
        http_.start();
        admin_http_.start();
        scheduler_.start(*closed > 0);
        health_.start();
        return {};
    }

    ~Impl() {
        scheduler_.stop();
        probe_cancel_->cancel();
        doctor_.cancel();
        health_.stop();
        files_.stop();
        synchronizer_.stop();
        shelf_.stop();
        upkeep_.stop();
        transfer_.stop();
        journal_.release();
        api_.stop();
        http_.stop();
        admin_http_.stop();
    }

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::string console_url() const {
        return own_url(config_.admin_address, admin_port_) + "/";
    }
    [[nodiscard]] std::optional<std::string> setup_code() const { return setup_code_; }
    [[nodiscard]] std::vector<std::string> operations() const { return api_.operations(); }
    [[nodiscard]] std::size_t catalog_size() const { return publisher_.view()->catalog().size(); }

private:
    Result<> listen() {
        auto open = std::make_shared<net::Router>();
        add_service(*open, agents_.authorization());
        add_service(*open, agents_.client());
        add_service(*open, agents_.reporting());
        add_service(*open, "/ReportingWebService/WebService.asmx", agents_.reporting());
        add_service(*open, downstream_.synchronization());
        add_service(*open, downstream_.authorization());
        open->prefix(
            "/Content", net::Router::Where::kWorker,
            [this](const net::Request& request) { return serving_.answer(request); },
            [this](const net::Request& request) { return serving_.answer_at_once(request); });
        open->prefix("/SelfUpdate", net::Router::Where::kIo, [](const net::Request&) {
            return net::text_response(404,
                                      "Agents of this age update themselves with the system.\n");
        });
        const auto port = http_.listen({config_.address, config_.port, {}, open});
        if (!port) {
            return std::unexpected(port.error());
        }
        port_ = *port;
        return listen_for_administrators();
    }

    /// On a server of its own, so that whoever administers never takes a thread from the agents.
    Result<> listen_for_administrators() {
        auto local = std::make_shared<net::Router>();
        api_.add_local_routes(*local);
        const auto socket = admin_http_.listen({{}, 0, config_.socket_path(), local});
        if (!socket) {
            return std::unexpected(socket.error());
        }
        auto network = std::make_shared<net::Router>();
        api_.add_network_routes(*network);
        const auto port =
            admin_http_.listen({config_.admin_address, config_.admin_port_to_use(), {}, network});
        if (!port) {
            Error error = port.error();
            error.remedy +=
                " The administrators' port is `port` under [admin] in headwater.toml, "
                "or --admin-port.";
            return std::unexpected(std::move(error));
        }
        admin_port_ = *port;
        auto code = accounts_.setup_code();
        if (!code) {
            return std::unexpected(code.error());
        }
        setup_code_ = std::move(*code);
        return {};
    }

    /// Each of our services, asked through its socket as others ask it.
    std::vector<diagnosis::ServiceProbe> probes() {
        namespace event = diagnosis::event;
        const auto over_network = [this](std::uint32_t number, std::string name, std::string path) {
            return diagnosis::ServiceProbe{number, std::move(name), [this, path = std::move(path)] {
                                               return probe(own_url(config_.address, port_) + path,
                                                            {});
                                           }};
        };
        return {
            over_network(event::kReportingService, "The reporting service",
                         "/ReportingWebService/ReportingWebService.asmx?wsdl"),
            {event::kAdministrationService, "The administrators' API",
             [this] { return probe("http://localhost/api/v1/status", config_.socket_path()); }},
            over_network(event::kClientService, "The service for Windows Update agents",
                         "/ClientWebService/client.asmx?wsdl"),
            over_network(event::kServerSyncService, "The service for downstream servers",
                         "/ServerSyncWebService/ServerSyncWebService.asmx?wsdl"),
            over_network(event::kSimpleAuthService,
                         "The service that authorizes Windows Update agents",
                         "/SimpleAuthWebService/SimpleAuth.asmx?wsdl"),
            over_network(event::kDssAuthService, "The service that authorizes downstream servers",
                         "/DssAuthWebService/DssAuthWebService.asmx?wsdl")};
    }

    Result<> probe(const std::string& url, const std::filesystem::path& socket) {
        net::ClientRequest request;
        request.url = url;
        request.local_socket = socket.string();
        request.total_timeout = kProbeTimeout;
        request.cancel = probe_cancel_;
        const auto answer = client_.fetch(request);
        if (!answer) {
            return std::unexpected(answer.error());
        }
        if (answer->status != 200) {
            return fail("server.probe", url + " answered with HTTP status " +
                                            std::to_string(answer->status) + " instead of 200.");
        }
        return {};
    }

    content::UpkeepHooks upkeep_hooks() {
        return {
            .lost = [this](const Sha1& sha1) { transfer_.lost({&sha1, 1}); },
            .needed = [this] { return transfer_.needed(*publisher_.view()); },
            .want_again = [this]() -> Result<> {
                auto wanted = transfer_.want_anew(*publisher_.view());
                return wanted ? transfer_.retry_failed() : wanted;
            },
            .while_nothing_comes =
                [this](const std::function<Result<>()>& act) { return transfer_.while_held(act); }};
    }

    void after_attempt(const Sha1& sha1) {
        if (const auto file = store_->file(sha1); file && *file) {
            diagnosis::tell_file(journal_, **file);
        }
    }

    void before_synchronization(const store::SyncRun& run) {
        scheduler_.begun(run);
        diagnosis::tell_started(journal_, run);
    }

    void after_synchronization(const store::SyncRun& run) {
        scheduler_.ended(run);
        diagnosis::tell_finished(journal_, run);
    }

    /// What a good synchronization brings about: approvals, and new attempts for files.
    Result<> complete_synchronization() {
        if (const auto approved = administration_.apply_rules(); !approved) {
            log::error("The automatic approval rules failed: " + approved.error().text());
        }
        if (auto retried = transfer_.retry_failed(); !retried) {
            log::error("Failed files cannot be queued again: " + retried.error().text());
        }
        const auto status = transfer_.status();
        if (!status || status->mode != content::TransferMode::kStopped || status->waiting == 0) {
            return {};
        }
        return fail("transfers.stopped",
                    "The catalog is synchronized, but " + std::to_string(status->waiting) +
                        " files cannot be fetched: the transfer service is stopped.",
                    "Start it with `headwater transfers start`; the files come without another "
                    "synchronization.");
    }

    Result<std::filesystem::path> back_up() const {
        const std::filesystem::path folder = std::filesystem::absolute(config_.data) / "backups";
        std::error_code error;
        std::filesystem::create_directories(folder, error);
        if (error) {
            return fail("server.backup", "The folder " + folder.string() + " cannot be made.",
                        "Check that the service's user may write there.", {error.message()});
        }
        std::string time = to_xml_time(std::chrono::floor<std::chrono::seconds>(clock_.now()));
        std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
        std::filesystem::path file = folder / ("headwater-" + time + ".db");
        if (auto copied = store_->backup(file); !copied) {
            return std::unexpected(copied.error());
        }
        return file;
    }

    std::optional<diagnosis::BucketState> bucket_state() const {
        if (!shelf_.in_bucket()) {
            return std::nullopt;
        }
        return diagnosis::BucketState{shelf_.place().string(), shelf_.probe()};
    }

    std::optional<content::Serving::Known> known(const Sha1& sha1) const {
        const auto file = store_->file(sha1);
        if (!file || !*file) {
            return std::nullopt;
        }
        return content::Serving::Known{(*file)->extension, (*file)->size};
    }

    Config config_;
    const Clock& clock_;
    std::unique_ptr<store::Store> store_;
    SecretBox secrets_;
    diagnosis::Journal journal_;
    net::Client client_;
    policy::Publisher publisher_;
    policy::Administration administration_;
    protocol::Sealer sealer_;
    /// Of the bucket alone: what goes to and fro there holds nothing else up.
    net::Client bucket_client_;
    std::shared_ptr<const content::BucketAccess> bucket_access_;
    content::Shelf shelf_;
    FileSource files_;
    content::Transfer transfer_;
    upstream::Synchronizer synchronizer_;
    upstream::Scheduler scheduler_;
    agents::Services agents_;
    downstream::Services downstream_;
    content::Upkeep upkeep_;
    /// Ends the question that the health monitor has under way.
    std::shared_ptr<net::CancelToken> probe_cancel_ = std::make_shared<net::CancelToken>();
    diagnosis::HealthMonitor health_;
    diagnosis::Doctor doctor_;
    content::Serving serving_;
    admin::Accounts accounts_;
    admin::Services services_;
    admin::Api api_;
    net::Server http_;
    net::Server admin_http_;
    std::uint16_t port_ = 0;
    std::uint16_t admin_port_ = 0;
    std::optional<std::string> setup_code_;
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::start(const Config& config, const Clock& clock) {
    std::error_code error;
    std::filesystem::create_directories(config.data, error);
    if (error) {
        return fail("server.data", "The data folder " + config.data.string() + " cannot be made.",
                    "Give a folder that the service's user may write to.", {error.message()});
    }
    auto store = store::open_sqlite(config.data / "headwater.db");
    if (!store) {
        return std::unexpected(store.error());
    }
    auto identity = load_identity(**store, clock);
    if (!identity) {
        return std::unexpected(identity.error());
    }
    const auto secrets = SecretBox::from_file(config.data / "headwater.key");
    if (!secrets) {
        return std::unexpected(secrets.error());
    }
    auto content = content::content_folder(**store, config.data / "content");
    if (!content) {
        return std::unexpected(content.error());
    }
    if (auto checked = content::Shelf::check_place(*content, config.s3.has_value()); !checked) {
        return std::unexpected(checked.error());
    }
    auto impl = std::make_unique<Impl>(config, clock, std::move(*store), std::move(*identity),
                                       *secrets, *content);
    if (auto started = impl->start(); !started) {
        return std::unexpected(started.error());
    }
    return std::unique_ptr<Server>(new Server(std::move(impl)));
}

std::uint16_t Server::port() const {
    return impl_->port();
}

std::string Server::console_url() const {
    return impl_->console_url();
}

std::optional<std::string> Server::setup_code() const {
    return impl_->setup_code();
}

std::vector<std::string> Server::operations() const {
    return impl_->operations();
}

std::size_t Server::catalog_size() const {
    return impl_->catalog_size();
}

}  // namespace headwater::server
