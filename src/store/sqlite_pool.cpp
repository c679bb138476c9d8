#include "store/sqlite_pool.hpp"

namespace headwater::store {
namespace {

/// A burst of readers may open more; what it leaves is closed down to this.
constexpr std::size_t kKeptIdle = 16;

}  // namespace

Result<ReadPool::Lease> ReadPool::lend() {
    {
        const std::scoped_lock lock(mutex_);
        if (!idle_.empty()) {
            Lease lease(idle_.back().release(), GiveBack{this});
            idle_.pop_back();
            return lease;
        }
    }
    auto opened = Connection::open(file_, Connection::Mode::kRead);
    if (!opened) {
        return std::unexpected(std::move(opened).error());
    }
    return Lease(std::make_unique<Connection>(std::move(*opened)).release(), GiveBack{this});
}

void ReadPool::give_back(std::unique_ptr<Connection> connection) {
    const std::scoped_lock lock(mutex_);
    if (idle_.size() < kKeptIdle) {
        idle_.push_back(std::move(connection));
    }
}

}  // namespace headwater::store
