#include "server/identity.hpp"

#include <algorithm>

namespace headwater::server {
namespace {

constexpr const char* kServerId = "server.id";
constexpr const char* kConfigChanged = "server.config_changed";
constexpr std::size_t kKeySize = 32;
constexpr std::chrono::hours kKeyLifetime{24};
constexpr std::size_t kKeysKept = 4;

/// The stored value, or the one given, which is stored.
Result<std::string> setting_or(store::Store& store, const char* name,
                               const std::string& otherwise) {
    auto stored = store.setting(name);
    if (!stored) {
        return std::unexpected(stored.error());
    }
    if (*stored) {
        return **stored;
    }
    if (auto saved = store.put_setting(name, otherwise); !saved) {
        return std::unexpected(saved.error());
    }
    return otherwise;
}

Result<std::vector<protocol::Sealer::Key>> load_keys(store::Store& store, Time now) {
    auto stored = store.sealing_keys();
    if (!stored) {
        return std::unexpected(stored.error());
    }
    std::ranges::sort(*stored, {}, &store::SealingKey::id);
    if (stored->empty() || stored->back().created + kKeyLifetime < now) {
        const std::uint32_t id = stored->empty() ? 1 : stored->back().id + 1;
        store::SealingKey made{id, random_bytes(kKeySize), now};
        if (auto saved = store.put_sealing_key(made); !saved) {
            return std::unexpected(saved.error());
        }
        stored->push_back(std::move(made));
    }
    std::vector<protocol::Sealer::Key> keys;
    const std::size_t first = stored->size() > kKeysKept ? stored->size() - kKeysKept : 0;
    for (std::size_t i = first; i < stored->size(); ++i) {
        keys.push_back({(*stored)[i].id, (*stored)[i].key});
    }
    return keys;
}

}  // namespace

Result<Identity> load_identity(store::Store& store, const Clock& clock) {
    const auto id = setting_or(store, kServerId, Guid::random().text());
    if (!id) {
        return std::unexpected(id.error());
    }
    // Whole milliseconds: clients of every kind bring it back as they got it.
    const Time now = std::chrono::floor<std::chrono::milliseconds>(clock.now());
    const auto changed = setting_or(store, kConfigChanged, to_xml_time(now));
    if (!changed) {
        return std::unexpected(changed.error());
    }
    auto keys = load_keys(store, clock.now());
    if (!keys) {
        return std::unexpected(keys.error());
    }
    return Identity{Guid::parse(*id).value_or(Guid{}), std::move(*keys),
                    from_xml_time(*changed).value_or(now)};
}

}  // namespace headwater::server
