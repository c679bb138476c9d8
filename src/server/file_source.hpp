#pragma once
// Where the transfer service fetches files from, as the options of the moment say. Owned by the
// composition; any thread.

#include <memory>
#include <span>
#include <vector>

#include "base/secret_box.hpp"
#include "base/time.hpp"
#include "content/transfer.hpp"
#include "net/client.hpp"
#include "store/store.hpp"

namespace headwater::server {

class FileSource {
public:
    /// All outlive it.
    FileSource(store::Store& store, const SecretBox& secrets, net::Client& client,
               const Clock& clock);

    /// Files of Microsoft by https first, whatever their documents say.
    /// Errors: "content.no_source" where nobody is known who has it, and those of proxies.
    [[nodiscard]] Result<content::Transfer::Source> of(const store::FileRecord& file) const;
    /// Asks the upstream to get files that it does not hold; returns those it knows nothing of.
    /// Nobody is asked where files come from Microsoft. Errors: those of upstream::Session.
    [[nodiscard]] Result<std::vector<Sha1>> ask(std::span<const Sha1> digests) const;
    /// Ends the questions that are under way, for ever.
    void stop() { cancel_->cancel(); }

private:
    store::Store& store_;
    const SecretBox& secrets_;
    net::Client& client_;
    const Clock& clock_;
    std::shared_ptr<net::CancelToken> cancel_ = std::make_shared<net::CancelToken>();
};

}  // namespace headwater::server
