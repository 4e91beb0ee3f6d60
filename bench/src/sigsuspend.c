// Preloaded under valgrind: Debian's version writes to the mask that sigsuspend is given, and libdispatch, which parks the
// main thread with it, keeps that mask in read-only memory. Here it gets a copy.
#define _GNU_SOURCE
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

int sigsuspend(const sigset_t *mask) {
    sigset_t copy = *mask;
    return (int)syscall(SYS_rt_sigsuspend, &copy, 8);
}
