/* Agent that ends its JVM when a resource is exhausted, like Cloud Foundry's jvmkill. */
#include <jvmti.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static void JNICALL exhausted(jvmtiEnv *jvmti, JNIEnv *jni, jint flags, const void *reserved,
                              const char *description) {
  kill(getpid(), SIGKILL);
}

static jint start(JavaVM *vm) {
  jvmtiEnv *jvmti;
  if ((*vm)->GetEnv(vm, (void **)&jvmti, JVMTI_VERSION_1_2) != JNI_OK) return JNI_ERR;
  jvmtiEventCallbacks callbacks;
  memset(&callbacks, 0, sizeof callbacks);
  callbacks.ResourceExhausted = exhausted;
  (*jvmti)->SetEventCallbacks(jvmti, &callbacks, sizeof callbacks);
  return (*jvmti)->SetEventNotificationMode(jvmti, JVMTI_ENABLE, JVMTI_EVENT_RESOURCE_EXHAUSTED, 0);
}

JNIEXPORT jint JNICALL Agent_OnLoad(JavaVM *vm, char *options, void *reserved) {
  return start(vm);
}

JNIEXPORT jint JNICALL Agent_OnAttach(JavaVM *vm, char *options, void *reserved) {
  return start(vm);
}
