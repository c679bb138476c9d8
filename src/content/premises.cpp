#include "content/premises.hpp"

#include <atomic>
#include <mutex>
#include <thread>

namespace headwater::content {

Result<std::vector<store::FileRecord>> all_files(const store::Store& store) {
    const auto totals = store.file_totals();
    if (!totals) {
        return std::unexpected(totals.error());
    }
    // A file whose state changes between two of the questions is met twice, and counts once.
    std::unordered_map<Sha1, store::FileRecord> known;
    for (const auto& [state, total] : *totals) {
        auto files = store.files_in_state(state, 0);
        if (!files) {
            return std::unexpected(std::move(files).error());
        }
        for (store::FileRecord& file : *files) {
            known.insert_or_assign(file.sha1, std::move(file));
        }
    }
    std::vector<store::FileRecord> files;
    files.reserve(known.size());
    for (auto& [sha1, file] : known) {
        files.push_back(std::move(file));
    }
    std::ranges::sort(files, [](const store::FileRecord& a, const store::FileRecord& b) {
        return a.size != b.size ? a.size > b.size : a.sha1 < b.sha1;
    });
    return files;
}

Result<> for_each_at_once(const Premises& premises, std::size_t count,
                          const std::function<Result<>(std::size_t)>& act) {
    std::atomic<std::size_t> next = 0;
    std::mutex mutex;
    Result<> result;
    const auto work = [&] {
        for (std::size_t i = next++; i < count; i = next++) {
            auto done = premises.board.check_cancelled();
            if (done) {
                done = act(i);
            }
            if (!done) {
                next = count;
                const std::scoped_lock lock(mutex);
                if (result) {
                    result = std::move(done);
                }
                return;
            }
        }
    };
    {
        std::vector<std::jthread> threads;
        for (unsigned i = 1; i < premises.options.threads; ++i) {
            threads.emplace_back(work);
        }
        work();
    }
    return result;
}

std::string name_of(const store::FileRecord& file) {
    return file.name + " (" + shelf_name(file.sha1, file.extension) + ")";
}

std::uint64_t bytes_of(std::span<const store::FileRecord> files) {
    std::uint64_t bytes = 0;
    for (const store::FileRecord& file : files) {
        bytes += file.size;
    }
    return bytes;
}

}  // namespace headwater::content
