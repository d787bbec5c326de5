#pragma once

namespace porchlight {

// Lets other threads of the machine go before this one; what arrives from outside must not wait for what can be done
// later. Only for the calling thread, and never undone. A kernel that refuses changes nothing.
void StepBack();

}  // namespace porchlight
