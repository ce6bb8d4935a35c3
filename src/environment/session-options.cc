// What TensorFlow.js' binding leaves out: settings for a session, such as how many threads it may use. The binding is
// compiled with TF_NewSessionOptions standing for dolab_session_options, so that the sessions that it makes take the
// ConfigProto (tensorflow/core/protobuf/config.proto) from DOLAB_SESSION_CONFIG, in hexadecimal. The variable is removed
// when it has been taken, which tells the library that this binding knows it.
#include <cstdlib>
#include <string>

struct TF_SessionOptions;
struct TF_Status;

#undef TF_NewSessionOptions

extern "C" {
TF_SessionOptions* TF_NewSessionOptions();
void TF_SetConfig(TF_SessionOptions* options, const void* proto, size_t length, TF_Status* status);
TF_Status* TF_NewStatus();
void TF_DeleteStatus(TF_Status* status);
int TF_GetCode(const TF_Status* status);

TF_SessionOptions* dolab_session_options() {
  TF_SessionOptions* options = TF_NewSessionOptions();
  const char* config = std::getenv("DOLAB_SESSION_CONFIG");
  if (config == nullptr) return options;
  const std::string digits(config);
  std::string proto;
  for (size_t i = 0; i + 1 < digits.size(); i += 2) {
    proto.push_back(static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16)));
  }
  TF_Status* status = TF_NewStatus();
  TF_SetConfig(options, proto.data(), proto.size(), status);
  if (TF_GetCode(status) == 0) unsetenv("DOLAB_SESSION_CONFIG");
  TF_DeleteStatus(status);
  return options;
}
}
