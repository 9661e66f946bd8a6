/*
 * Locks a byte of an open file, with fcntl(2). A channel of Java does the same, but loads 26 to 55
 * classes into the JVM.
 */
#include "pages.h"

/* linux/fcntl.h; the numbers of the call are those of asm/unistd_64.h and asm-generic/unistd.h */
enum { F_SETLK = 6, F_WRLCK = 1, SEEK_SET = 0 };

#if defined(__x86_64__)
enum { SYS_FCNTL = 72 };
#else
enum { SYS_FCNTL = 25 };
#endif

/* struct flock of linux/fcntl.h, for 64 bits */
struct lock {
  short type, whence;
  long start, length;
  int pid;
};

enum { BAD_DESCRIPTOR = -9 };

/* Zero, or negative: an errno; EAGAIN or EACCES if another process has locked the byte. */
EXPORT Java_io_allocmem_pages_FileLocks_lock(JNIEnv *jvm, jclass type, jobject file, jlong position) {
  jclass descriptor = (*jvm)->GetObjectClass(jvm, file);
  jfieldID field = (*jvm)->GetFieldID(jvm, descriptor, "fd", "I"); /* of each JDK, for its own library */
  if (!field) {
    (*jvm)->ExceptionClear(jvm);
    return BAD_DESCRIPTOR;
  }
  struct lock lock = {F_WRLCK, SEEK_SET, position, 1, 0};
  long number = (*jvm)->GetIntField(jvm, file, field);
  return system_call(SYS_FCNTL, (char *) number, F_SETLK, (long) &lock);
}
