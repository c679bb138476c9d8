// SyncUpdates by the size of the catalog: request and answer as bytes, everything but the socket.

#include <benchmark/benchmark.h>

#include <map>

#include "agent_world.hpp"

namespace headwater::bench {
namespace {

constexpr std::size_t kApproved = 300;

const AgentWorld& world(std::int64_t revisions, Rest rest) {
    static std::map<std::pair<std::int64_t, Rest>, std::unique_ptr<AgentWorld>> worlds;
    auto& made = worlds[{revisions, rest}];
    if (!made) {
        made = std::make_unique<AgentWorld>(static_cast<std::uint32_t>(revisions), kApproved, rest);
    }
    return *made;
}

void run(benchmark::State& state, std::string_view operation, std::string Requests::* request,
         Rest rest) {
    const AgentWorld& asked = world(state.range(0), rest);
    const std::string& body = asked.requests().*request;
    std::size_t answered = 0;
    for (auto _ : state) {
        answered = asked.call(operation, body);
    }
    state.counters["request_bytes"] = static_cast<double>(body.size());
    state.counters["answer_bytes"] = static_cast<double>(answered);
    state.counters["held_ids"] = static_cast<double>(asked.requests().held_ids);
}

void FirstScan(benchmark::State& state) {
    run(state, "SyncUpdates", &Requests::first_scan, Rest::kDeclined);
}

void NothingNew(benchmark::State& state) {
    run(state, "SyncUpdates", &Requests::nothing_new, Rest::kDeclined);
}

void NothingNewWithAllDetected(benchmark::State& state) {
    run(state, "SyncUpdates", &Requests::nothing_new, Rest::kDetected);
}

void Details(benchmark::State& state) {
    run(state, "GetExtendedUpdateInfo", &Requests::details, Rest::kDeclined);
}

void by_catalog_size(benchmark::internal::Benchmark* of) {
    of->Arg(1'000)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMicrosecond);
}

BENCHMARK(FirstScan)->Apply(by_catalog_size);
BENCHMARK(NothingNew)->Apply(by_catalog_size);
BENCHMARK(NothingNewWithAllDetected)->Apply(by_catalog_size);
BENCHMARK(Details)->Apply(by_catalog_size);

}  // namespace
}  // namespace headwater::bench
