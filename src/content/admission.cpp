#include "content/admission.hpp"

namespace headwater::content {

/// One answer, counted from its making to its end.
struct Admission::Lease {
    Lease(std::shared_ptr<State> counts, std::string whose)
        : state(std::move(counts)), client(std::move(whose)) {}
    ~Lease() {
        const std::scoped_lock lock(state->mutex);
        --state->in_all;
        const auto mine = state->of_client.find(client);
        if (--mine->second == 0) {
            state->of_client.erase(mine);
        }
    }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    const std::shared_ptr<State> state;
    const std::string client;
};

std::shared_ptr<const void> Admission::admit(const std::string& client) {
    {
        const std::scoped_lock lock(state_->mutex);
        const auto mine = state_->of_client.find(client);
        const std::size_t has = mine == state_->of_client.end() ? 0 : mine->second;
        if (state_->in_all >= state_->limits.in_all || has >= state_->limits.per_client) {
            return nullptr;
        }
        ++state_->in_all;
        ++state_->of_client[client];
    }
    return std::make_shared<const Lease>(state_, client);
}

std::size_t Admission::under_way() const {
    const std::scoped_lock lock(state_->mutex);
    return state_->in_all;
}

}  // namespace headwater::content
