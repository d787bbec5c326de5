#include "platform/media/internal/sandbox.h"

#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <csignal>
#include <initializer_list>

namespace porchlight::media {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

bool Limit(__rlimit_resource resource, std::uint64_t soft, std::uint64_t hard) {
  const rlimit limit{static_cast<rlim_t>(soft), static_cast<rlim_t>(hard)};
  return setrlimit(resource, &limit) == 0;
}

bool LimitResources(const SandboxLimits& limits) {
  return (kSanitized || Limit(RLIMIT_AS, limits.memory_bytes_max, limits.memory_bytes_max)) &&
         Limit(RLIMIT_CPU, limits.cpu_seconds_max, std::uint64_t{limits.cpu_seconds_max} + 1) && Limit(RLIMIT_NOFILE, 0, 0) &&
         Limit(RLIMIT_NPROC, 0, 0) && Limit(RLIMIT_FSIZE, 0, 0) && Limit(RLIMIT_CORE, 0, 0);
}

// What an argument of a call must be. By hand, because the macros of the library are no C++.
scmp_arg_cmp Equals(unsigned argument, std::uint64_t value) { return {argument, SCMP_CMP_EQ, value, 0}; }
scmp_arg_cmp AtMost(unsigned argument, std::uint64_t value) { return {argument, SCMP_CMP_LE, value, 0}; }
scmp_arg_cmp Masked(unsigned argument, std::uint64_t mask, std::uint64_t value) { return {argument, SCMP_CMP_MASKED_EQ, mask, value}; }

class Filter {
 public:
  Filter() : context_(seccomp_init(SCMP_ACT_KILL_PROCESS)), ok_(context_ != nullptr) {}
  ~Filter() { if (context_ != nullptr) seccomp_release(context_); }
  Filter(const Filter&) = delete;
  Filter& operator=(const Filter&) = delete;

  template <class... Conditions>
  void Allow(int call, Conditions... conditions) {
    ok_ = ok_ && seccomp_rule_add(context_, SCMP_ACT_ALLOW, call, sizeof...(conditions), conditions...) == 0;
  }
  // Also sets no_new_privs.
  bool Load() { return ok_ && seccomp_load(context_) == 0; }

 private:
  scmp_filter_ctx context_;
  bool ok_;
};

bool LimitCalls() {
  Filter filter;
  filter.Allow(SCMP_SYS(read), Equals(0, 0));
  filter.Allow(SCMP_SYS(write), AtMost(0, 2));
  filter.Allow(SCMP_SYS(exit_group));
  filter.Allow(SCMP_SYS(brk));
  // Memory of no file, and never code.
  filter.Allow(SCMP_SYS(mmap), Masked(2, PROT_EXEC, 0), Masked(3, MAP_ANONYMOUS, MAP_ANONYMOUS));
  filter.Allow(SCMP_SYS(mremap));
  filter.Allow(SCMP_SYS(munmap));
  filter.Allow(SCMP_SYS(madvise));
  filter.Allow(SCMP_SYS(futex));
  filter.Allow(SCMP_SYS(rt_sigreturn));
  if (kSanitized) {
    for (const int call : {SCMP_SYS(sched_yield), SCMP_SYS(sigaltstack), SCMP_SYS(gettid), SCMP_SYS(getpid)}) filter.Allow(call);
  }
  return filter.Load();
}

}  // namespace

bool MemoryIsLimited() { return !kSanitized; }

bool EnterSandbox(const SandboxLimits& limits) {
  // Not to be attached to by a debugger, and not to outlive the server.
  return prctl(PR_SET_DUMPABLE, 0) == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && LimitResources(limits) && LimitCalls();
}

}  // namespace porchlight::media
