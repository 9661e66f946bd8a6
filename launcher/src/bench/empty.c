/* Reference of the benchmarks: a JVMTI agent without any effect. */
#include <jvmti.h>

JNIEXPORT jint JNICALL Agent_OnAttach(JavaVM *vm, char *options, void *reserved) { return JNI_OK; }
