/* jni.h includes the C library's stdio.h and uses nothing of it. */
