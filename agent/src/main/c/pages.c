/*
 * The kernel's side of a block: counts its pages that are in RAM, and gives pages back. And where a
 * thread's stack is.
 *
 * A block is memory at an address, or an array of the Java heap. An array is pinned by
 * GetPrimitiveArrayCritical for the length of one call, so that no collector moves it under the
 * kernel's hands; the caller asks for so few bytes a call that a collection hardly waits.
 *
 * A page belongs to the block that it begins in. So blocks beside each other never count a page
 * twice, and ranges beside each other in one block never leave a page between them.
 *
 * System calls only, and no C library: one binary for glibc and musl.
 */
#include <jni.h>

#define EXPORT JNIEXPORT jlong JNICALL

/* The same in the Java class. No errno is as large. */
enum { HANDED_OUT_A_COPY = -4096, NOT_SUCH_ADVICE = -22 };

/* linux/mman.h; madvise(2) */
enum { MADV_DONTNEED = 4, MADV_REMOVE = 9, MADV_POPULATE_WRITE = 23 };

/* Counts of an array that collectors move meanwhile, before it is pinned for a count. */
enum { COUNTS_UNPINNED = 3 };

#if defined(__x86_64__)
enum { SYS_MINCORE = 27, SYS_MADVISE = 28 };

static long system_call(long number, char *address, unsigned long bytes, long last) {
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(address), "S"(bytes), "d"(last)
                   : "rcx", "r11", "memory");
  return result;
}
#elif defined(__aarch64__)
enum { SYS_MINCORE = 232, SYS_MADVISE = 233 };

static long system_call(long number, char *address, unsigned long bytes, long last) {
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

static char *page_of(char *address, jint page) {
  return (char *) ((unsigned long) address & -(unsigned long) page);
}

/* The first page that begins at the address or after it. */
static char *page_from(char *address, jint page) {
  return page_of(address + page - 1, page);
}

/*
 * The array itself, which cannot move until it is unpinned; null where the JVM hands out a copy. It
 * is asked twice, and copies differ: under -Xcheck:jni it copies and does not say so.
 */
static char *pin(JNIEnv *jvm, jarray array) {
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

static void unpin(JNIEnv *jvm, jarray array, char *start) {
  if (array) {
    (*jvm)->ReleasePrimitiveArrayCritical(jvm, array, start, JNI_ABORT);
  }
}

static long count(char *first, char *end, jint page) {
  unsigned char in_ram[512];
  long pages = 0;
  while (first < end) {
    unsigned long asked = (end - first + page - 1) / page;
    asked = asked < sizeof in_ram ? asked : sizeof in_ram;
    long error = system_call(SYS_MINCORE, first, asked * page, (long) in_ram);
    if (error) {
      return error;
    }
    for (unsigned long i = 0; i < asked; i++) {
      pages += in_ram[i] & 1;
    }
    first += asked * page;
  }
  return pages * page;
}

static char *where(JNIEnv *jvm, jarray array) {
  char *start = pin(jvm, array);
  if (start) {
    unpin(jvm, array, start);
  }
  return start;
}

/*
 * Bytes in pages that begin at offsets from <= x < to of the block, and are in RAM by mincore(2);
 * negative: HANDED_OUT_A_COPY or an errno.
 *
 * mincore changes nothing and takes any address. So an array is not pinned meanwhile, and no
 * collection waits: a count holds if the array is in the same place after it.
 */
EXPORT Java_io_allocmem_pages_JniPages_resident(JNIEnv *jvm, jclass type, jintArray array,
                                                jlong address, jlong from, jlong to, jint page) {
  if (!array) {
    return count(page_from((char *) address + from, page), (char *) address + to, page);
  }
  char *start = where(jvm, array);
  for (int i = 0; i < COUNTS_UNPINNED && start; i++) {
    long bytes = count(page_from(start + from, page), start + to, page);
    char *now = where(jvm, array);
    if (now == start) {
      return bytes;
    }
    start = now;
  }
  start = pin(jvm, array);
  if (!start) {
    return HANDED_OUT_A_COPY;
  }
  long bytes = count(page_from(start + from, page), start + to, page);
  unpin(jvm, array, start);
  return bytes;
}

/*
 * Gives the pages back that begin at offsets from <= x < to of the block, and end before its own
 * end; they read as zero afterwards. Zero, or negative: HANDED_OUT_A_COPY or an errno.
 *
 * The caller knows the mapping, and so the advice: MADV_DONTNEED in a private one, and MADV_REMOVE
 * in a shared one where nothing but this memory is, and room for a page is never short: a hole in a
 * file is a SIGBUS at its next touch where the file system is full.
 *
 * Offsets count from the first element: the header before it can never be dropped.
 */
EXPORT Java_io_allocmem_pages_JniPages_giveBack(JNIEnv *jvm, jclass type, jintArray array,
                                                jlong address, jlong length, jlong from, jlong to,
                                                jint page, jint advice) {
  if (advice != MADV_DONTNEED && advice != MADV_REMOVE) {
    return NOT_SUCH_ADVICE;
  }
  char *start = array ? pin(jvm, array) : (char *) address;
  if (!start) {
    return HANDED_OUT_A_COPY;
  }
  char *first = page_from(start + (from > 0 ? from : 0), page);
  char *end = page_from(start + to, page);
  char *last = page_of(start + length, page);
  end = end < last ? end : last;
  long error = first < end ? system_call(SYS_MADVISE, first, end - first, advice) : 0;
  unpin(jvm, array, start);
  return error;
}

/* Where the array is, for now; zero: the JVM hands out a copy. */
EXPORT Java_io_allocmem_pages_JniPages_addressOf(JNIEnv *jvm, jclass type, jintArray array) {
  return (jlong) where(jvm, array);
}

/*
 * Writes an int at each page size from an address on, below another. First the kernel makes the
 * pages resident in one call, which it can since Linux 5.14; without that each write is a page
 * fault.
 */
EXPORT Java_io_allocmem_pages_JniPages_write(JNIEnv *jvm, jclass type, jlong from, jlong to,
                                             jint page) {
  long error = 0;
  if (from < to) {
    char *first = page_of((char *) from, page);
    char *last = (char *) (from + (to - 1 - from) / page * page);
    error = system_call(SYS_MADVISE, first, last + 1 - first, MADV_POPULATE_WRITE);
    for (char *at = (char *) from; at <= last; at += page) {
      *(volatile int *) at = 1;
    }
  }
  return error;
}

/* An address in the stack of the thread that calls. */
EXPORT Java_io_allocmem_pages_JniPages_stackPointer(JNIEnv *jvm, jclass type) {
  return (jlong) __builtin_frame_address(0);
}
