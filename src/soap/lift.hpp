#pragma once
// Long runs of `<int>…</int>`, which are most of a scan's bytes, made one element each before any
// tree is built: a node for each of ten thousand ids costs more than the scan itself. Pure; any
// thread. See bench/scan_bench.cpp.

#include <string>

namespace headwater::soap {

/// Between the integers of a lifted run. XML cannot carry it, so no message that is accepted has
/// it.
inline constexpr char kLiftMark = '\x1f';

/// `<int>1</int><int>2</int>` becomes `<int>1␟2</int>`: the same element, attributes none, holding
/// all integers of the run. Only digits with or without a sign are lifted, and nothing behind a
/// CDATA section, where what looks like an element is text. One pass, in place.
void lift_integers(std::string& body);

}  // namespace headwater::soap
