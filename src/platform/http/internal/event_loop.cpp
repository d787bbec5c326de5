#include "platform/http/internal/event_loop.h"

// ThreadSanitizer does not follow the fences Asio runs handlers between; the locks of its queue order them as well.
#if defined(__SANITIZE_THREAD__)
#define BOOST_ASIO_DISABLE_FENCED_BLOCK 1
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wtsan"
#endif
#endif

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <utility>

namespace porchlight::http::internal {

namespace {

namespace asio = boost::asio;
using Descriptor = asio::posix::stream_descriptor;

// Waits are shared with the handlers in flight, so that one which was already on its way when the watch was closed
// finds `open` false instead of a dangling watch.
struct WatchState {
  explicit WatchState(asio::io_context& context, int number) : descriptor(context, number) {}
  Descriptor descriptor;
  bool waits_readable = false;
  bool waits_writable = false;
  bool open = true;
};

class AsioWatch final : public Watch {
 public:
  AsioWatch(asio::io_context& context, int number) : number_(number), state_(std::make_shared<WatchState>(context, number)) {}
  ~AsioWatch() override { Close(); }
  AsioWatch(const AsioWatch&) = delete;
  AsioWatch& operator=(const AsioWatch&) = delete;

  void WaitReadable(const std::shared_ptr<Waiter>& waiter) override {
    if (!state_->open || std::exchange(state_->waits_readable, true)) return;
    state_->descriptor.async_wait(Descriptor::wait_read, [state = state_, waiter](const boost::system::error_code&) {
      state->waits_readable = false;
      if (state->open) waiter->OnReadable();
    });
  }

  void WaitWritable(const std::shared_ptr<Waiter>& waiter) override {
    if (!state_->open || std::exchange(state_->waits_writable, true)) return;
    state_->descriptor.async_wait(Descriptor::wait_write, [state = state_, waiter](const boost::system::error_code&) {
      state->waits_writable = false;
      if (state->open) waiter->OnWritable();
    });
  }

  void Close() override {
    if (!std::exchange(state_->open, false)) return;
    boost::system::error_code ignored;
    state_->descriptor.close(ignored);
  }

  int descriptor() const override { return number_; }

 private:
  const int number_;
  std::shared_ptr<WatchState> state_;
};

class AsioLoop final : public EventLoop {
 public:
  AsioLoop(Duration period, std::function<void()> tick)
      : period_(period.microseconds), tick_(std::move(tick)), context_(1), timer_(context_) {
    Tick();
  }

  std::unique_ptr<Watch> Add(int descriptor) override { return std::make_unique<AsioWatch>(context_, descriptor); }
  void Post(std::function<void()> work) override { asio::post(context_, std::move(work)); }
  void Run() override { context_.run(); }
  void Stop() override { context_.stop(); }

 private:
  void Tick() {
    timer_.expires_after(period_);
    timer_.async_wait([this](const boost::system::error_code& error) {
      if (error) return;
      tick_();
      Tick();
    });
  }

  const std::chrono::microseconds period_;
  const std::function<void()> tick_;
  asio::io_context context_;
  asio::steady_timer timer_;
};

}  // namespace

std::unique_ptr<EventLoop> EventLoop::Create(Duration period, std::function<void()> tick) {
  return std::make_unique<AsioLoop>(period, std::move(tick));
}

}  // namespace porchlight::http::internal
