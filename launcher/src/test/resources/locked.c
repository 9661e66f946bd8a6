/* Agent that locks the memory of its JVM, as Cassandra does; all later memory as well if told. */
#include <jvmti.h>
#include <string.h>
#include <sys/mman.h>

static int flags = MCL_CURRENT;

static void JNICALL started(jvmtiEnv *jvmti, JNIEnv *jni, jthread thread) { mlockall(flags); }

JNIEXPORT jint JNICALL Agent_OnLoad(JavaVM *vm, char *options, void *reserved) {
  jvmtiEnv *jvmti;
  if ((*vm)->GetEnv(vm, (void **)&jvmti, JVMTI_VERSION_1_2) != JNI_OK) return JNI_ERR;
  if (options && !strcmp(options, "future")) flags |= MCL_FUTURE;
  jvmtiEventCallbacks callbacks;
  memset(&callbacks, 0, sizeof callbacks);
  callbacks.VMInit = started;
  (*jvmti)->SetEventCallbacks(jvmti, &callbacks, sizeof callbacks);
  return (*jvmti)->SetEventNotificationMode(jvmti, JVMTI_ENABLE, JVMTI_EVENT_VM_INIT, 0);
}
