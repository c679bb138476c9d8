#pragma once
// Connections for reading, lent one a call and opened on demand. Owned by SqliteStore; any thread.

#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "base/error.hpp"
#include "store/sqlite_database.hpp"

namespace headwater::store {

class ReadPool {
public:
    explicit ReadPool(std::filesystem::path file) : file_(std::move(file)) {}

    struct GiveBack {
        ReadPool* pool = nullptr;
        void operator()(Connection* connection) const {
            pool->give_back(std::unique_ptr<Connection>(connection));
        }
    };
    using Lease = std::unique_ptr<Connection, GiveBack>;

    [[nodiscard]] Result<Lease> lend();

private:
    void give_back(std::unique_ptr<Connection> connection);

    std::filesystem::path file_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace headwater::store
