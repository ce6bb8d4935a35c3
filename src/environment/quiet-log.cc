// An add-on of Node without functions: loaded before TensorFlow's library, it keeps that from printing how it computes
// ("oneDNN custom operations are on") to every user's terminal. TF_CPP_MIN_LOG_LEVEL comes too late for this line, which is
// printed while the library loads. The linker's flag -z initfirst has this file's constructor run before the library's own;
// errors, and whatever the variable asks for, are still printed.
#include <cstdlib>

namespace absl {
inline namespace lts_20250814 {
enum class LogSeverityAtLeast : int {};
void SetMinLogLevel(LogSeverityAtLeast level);
}  // namespace lts_20250814
}  // namespace absl

__attribute__((constructor)) static void quiet() {
  const char* level = std::getenv("TF_CPP_MIN_LOG_LEVEL");
  if (level != nullptr) absl::SetMinLogLevel(static_cast<absl::LogSeverityAtLeast>(std::atoi(level)));
}

extern "C" void* napi_register_module_v1(void*, void* exports) { return exports; }
