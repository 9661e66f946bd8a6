/* Program other than java with a JVM: the first arguments are options, the first word without - is
   the main class, and the variable HIDDEN holds an option outside the command line. */
#include <jni.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
  JavaVMOption options[64];
  int count = 0, i = 1;
  for (; i < argc && argv[i][0] == '-'; i++) options[count++].optionString = argv[i];
  if (getenv("HIDDEN")) options[count++].optionString = getenv("HIDDEN");
  JavaVMInitArgs args = {JNI_VERSION_1_6, count, options, JNI_FALSE};
  JavaVM *vm;
  JNIEnv *jni;
  if (i == argc || JNI_CreateJavaVM(&vm, (void **)&jni, &args) != JNI_OK) return 1;
  jclass main = (*jni)->FindClass(jni, argv[i]);
  if (!main) return 2;
  jmethodID method = (*jni)->GetStaticMethodID(jni, main, "main", "([Ljava/lang/String;)V");
  jobjectArray none =
      (*jni)->NewObjectArray(jni, 0, (*jni)->FindClass(jni, "java/lang/String"), NULL);
  (*jni)->CallStaticVoidMethod(jni, main, method, none);
  return (*vm)->DestroyJavaVM(vm);
}
