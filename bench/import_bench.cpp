// Import: parse, derive, store and publish generated documents, as a synchronization does with what
// it receives: batches of 100 on a few threads.

#include <benchmark/benchmark.h>

#include <atomic>
#include <memory>
#include <thread>

#include "catalog/parsed_document.hpp"
#include "catalog/sample.hpp"
#include "policy/publisher.hpp"
#include "store/store.hpp"
#include "tools.hpp"

namespace headwater::bench {
namespace {

constexpr std::size_t kBatch = 100;
constexpr unsigned kThreads = 4;

store::NewRevision import_one(const std::string& xml) {
    auto digested = must(catalog::digest_document(xml));
    store::NewRevision made;
    for (const catalog::DocumentFile& file : digested.document.files) {
        made.files.push_back({file.sha1, file.sha256, file.size, file.name,
                              catalog::content_extension(file.name), ""});
    }
    made.revision = catalog::make_revision(digested.document, std::move(digested.core));
    made.document = xml;
    return made;
}

void import_all(const std::vector<std::string>& documents, store::Store& store) {
    const SystemClock clock;
    std::atomic<std::size_t> next = 0;
    std::atomic<bool> failed = false;
    const auto work = [&] {
        for (std::size_t from = next.fetch_add(kBatch); from < documents.size();
             from = next.fetch_add(kBatch)) {
            std::vector<store::NewRevision> batch;
            for (std::size_t i = from; i < std::min(from + kBatch, documents.size()); ++i) {
                batch.push_back(import_one(documents[i]));
            }
            if (!store.put_revisions(batch, clock.now())) {
                failed = true;
            }
        }
    };
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < kThreads; ++i) {
        threads.emplace_back(work);
    }
    threads.clear();
    policy::Publisher publisher(store);
    if (failed || !publisher.load() || publisher.view()->catalog().size() != documents.size()) {
        throw std::runtime_error("The import lost revisions.");
    }
}

void Import(benchmark::State& state) {
    std::vector<std::string> documents;
    catalog::Sample({.updates = static_cast<std::uint32_t>(state.range(0))})
        .for_each_revision(
            [&](catalog::SampleRevision&& made) { documents.push_back(std::move(made.xml)); });
    std::size_t bytes = 0;
    for (const std::string& document : documents) {
        bytes += document.size();
    }
    for (auto _ : state) {
        state.PauseTiming();
        auto folder = std::make_unique<TemporaryFolder>();
        auto store = must(store::open_sqlite(folder->path() / "headwater.db"));
        state.ResumeTiming();
        import_all(documents, *store);
        state.PauseTiming();
        store.reset();
        folder.reset();
        state.ResumeTiming();
    }
    state.counters["revisions/s"] = benchmark::Counter(
        static_cast<double>(documents.size()), benchmark::Counter::kIsIterationInvariantRate);
    state.counters["document_bytes"] = static_cast<double>(bytes / documents.size());
}

BENCHMARK(Import)->Arg(20'000)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(3);

}  // namespace
}  // namespace headwater::bench
