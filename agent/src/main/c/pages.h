/* System calls, pages and pinned arrays, for the sources of the page library. */
#ifndef ALLOCMEM_PAGES_H
#define ALLOCMEM_PAGES_H

#include <jni.h>

#define EXPORT JNIEXPORT jlong JNICALL

/* The same in the Java class. No errno is as large. */
enum { HANDED_OUT_A_COPY = -4096, NOT_SUCH_ADVICE = -22, TOO_LARGE = -22, NO_MEMORY = -12 };

/* linux/mman.h; madvise(2), mlock2(2) */
enum { MADV_DONTNEED = 4, MADV_REMOVE = 9, MADV_HUGEPAGE = 14, MADV_POPULATE_WRITE = 23 };
enum { MLOCK_ONFAULT = 1 };

#if defined(__x86_64__)
enum { SYS_MINCORE = 27, SYS_MADVISE = 28, SYS_MUNLOCK = 150, SYS_MLOCK2 = 325 };

static inline long system_call(long number, char *address, unsigned long bytes, long last) {
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(address), "S"(bytes), "d"(last)
                   : "rcx", "r11", "memory");
  return result;
}
#elif defined(__aarch64__)
enum { SYS_MINCORE = 232, SYS_MADVISE = 233, SYS_MUNLOCK = 229, SYS_MLOCK2 = 284 };

static inline long system_call(long number, char *address, unsigned long bytes, long last) {
  register long x8 __asm__("x8") = number;
  register char *x0 __asm__("x0") = address;
  register unsigned long x1 __asm__("x1") = bytes;
  register long x2 __asm__("x2") = last;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
  return (long) x0;
}
#else
#error "no system calls known for this machine"
#endif

static inline char *page_of(char *address, jint page) {
  return (char *) ((unsigned long) address & -(unsigned long) page);
}

/* The first page that begins at the address or after it. */
static inline char *page_from(char *address, jint page) {
  return page_of(address + page - 1, page);
}

/*
 * The array itself, which cannot move until it is unpinned; null where the JVM hands out a copy. It
 * is asked twice, and copies differ: under -Xcheck:jni it copies and does not say so.
 */
static inline char *pin(JNIEnv *jvm, jarray array) {
  char *once = (*jvm)->GetPrimitiveArrayCritical(jvm, array, 0);
  char *twice = (*jvm)->GetPrimitiveArrayCritical(jvm, array, 0);
  if (twice) {
    (*jvm)->ReleasePrimitiveArrayCritical(jvm, array, twice, JNI_ABORT);
  }
  if (once && once != twice) {
    (*jvm)->ReleasePrimitiveArrayCritical(jvm, array, once, JNI_ABORT);
    return 0;
  }
  return once;
}

static inline void unpin(JNIEnv *jvm, jarray array, char *start) {
  if (array) {
    (*jvm)->ReleasePrimitiveArrayCritical(jvm, array, start, JNI_ABORT);
  }
}

#endif
