#pragma once
// Which threads wait for which: work that must not make anybody wait, and answers that somebody
// waits for.

namespace headwater {

/// The calling thread, and the threads that it begins from now on, yield the processors to all
/// others of the program that have something to do, and leave one of them alone where there are
/// several. It cannot be taken back: the thread ends so.
void become_background_thread();

/// The calling thread works at length, and others wait for it: it keeps its share of the
/// processors, but leaves one of them alone where there are several.
void become_steady_thread();

/// The calling thread works for moments and wants to begin soon: it asks for short turns instead of
/// long ones (Linux 6.12 and later; before that nothing changes).
void become_prompt_thread();

}  // namespace headwater
