/*
 * Waits for a change of a file, with inotify(7): a thread that waits costs nothing, and wakes within
 * a millisecond. Looks of a JVM's thread took 0.1 ms each.
 */
#include "pages.h"

enum { LONGEST_PATH = 4096 };

/* asm-generic/errno-base.h */
enum { EINTR = 4, EBADF = 9 };

/* linux/inotify.h, poll.h; the flags are those of open(2); a file without a name has a new link count */
enum { IN_MODIFY = 2, IN_ATTRIB = 4, IN_NONBLOCK = 04000, IN_CLOEXEC = 02000000, POLLIN = 1 };

#if defined(__x86_64__)
enum { SYS_READ = 0, SYS_CLOSE = 3, SYS_INOTIFY_ADD_WATCH = 254, SYS_PPOLL = 271, SYS_INOTIFY_INIT1 = 294 };

static long poll_one(void *one, void *time) {
  register long no_mask __asm__("r10") = 0;
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(SYS_PPOLL), "D"(one), "S"(1), "d"(time), "r"(no_mask)
                   : "rcx", "r11", "memory");
  return result;
}
#else
enum { SYS_READ = 63, SYS_CLOSE = 57, SYS_INOTIFY_ADD_WATCH = 27, SYS_PPOLL = 73, SYS_INOTIFY_INIT1 = 26 };

static long poll_one(void *one, void *time) {
  register long x8 __asm__("x8") = SYS_PPOLL;
  register void *x0 __asm__("x0") = one;
  register long x1 __asm__("x1") = 1;
  register void *x2 __asm__("x2") = time;
  register long x3 __asm__("x3") = 0;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
  return (long) x0;
}
#endif

/* A descriptor that is ready to read after a write to the file; negative: an errno. */
EXPORT Java_io_allocmem_pages_FileWatch_open(JNIEnv *jvm, jclass type, jbyteArray path) {
  char name[LONGEST_PATH];
  jsize length = (*jvm)->GetArrayLength(jvm, path);
  if (length >= LONGEST_PATH) {
    return TOO_LARGE;
  }
  (*jvm)->GetByteArrayRegion(jvm, path, 0, length, (jbyte *) name);
  name[length] = 0;
  long watch = system_call(SYS_INOTIFY_INIT1, (char *) (long) (IN_NONBLOCK | IN_CLOEXEC), 0, 0);
  if (watch < 0) {
    return watch;
  }
  long error = system_call(SYS_INOTIFY_ADD_WATCH, (char *) watch, (unsigned long) name, IN_MODIFY | IN_ATTRIB);
  if (error < 0) {
    system_call(SYS_CLOSE, (char *) watch, 0, 0);
    return error;
  }
  return watch;
}

/* linux/inotify.h; a watched file that is no directory has events without a name */
struct event {
  int watch;
  unsigned int mask, cookie, length;
};

/*
 * Returns after a write to the file, or after the time: 0 for no event, 1 for writes alone, 2 for
 * other events as well, such as the loss of the name. Negative, an errno: no wait is possible.
 */
EXPORT Java_io_allocmem_pages_FileWatch_await(JNIEnv *jvm, jclass type, jlong watch, jlong millis) {
  struct {
    int descriptor;
    short events, happened;
  } one = {(int) watch, POLLIN, 0};
  long time[] = {millis / 1000, millis % 1000 * 1000000};
  struct event events[64];
  long ready = poll_one(&one, time);
  if (ready <= 0) {
    return ready == -EINTR ? 0 : ready;
  }
  if (one.happened != POLLIN) {
    return -EBADF;
  }
  long bytes = system_call(SYS_READ, (char *) watch, (unsigned long) events, sizeof events);
  if (bytes < 0) {
    return bytes;
  }
  long result = 1;
  for (unsigned long i = 0; i < bytes / sizeof *events; i++) {
    result = events[i].mask == IN_MODIFY ? result : 2;
  }
  return result;
}

EXPORT Java_io_allocmem_pages_FileWatch_close(JNIEnv *jvm, jclass type, jlong watch) {
  return system_call(SYS_CLOSE, (char *) watch, 0, 0);
}
