/*
 * The kernel's side of a block: counts its pages that are in RAM, gives pages back, and asks for
 * huge or locked pages. And where a thread's stack is.
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
#include "pages.h"

/* Kernels of aarch64 have pages of 4, 16 or 64 KiB. */
enum { SMALLEST_PAGE = 4096, LARGEST_PAGE = 65536, NOT_ALIGNED = -22 };

/*
 * The page size: the first size that mincore(2) takes for an address. Of no bytes, so the address
 * need not be mapped.
 */
EXPORT Java_io_allocmem_pages_JniPages_sizeOfPage(JNIEnv *jvm, jclass type) {
  unsigned char none[1];
  long size = SMALLEST_PAGE;
  while (size < LARGEST_PAGE && system_call(SYS_MINCORE, (char *) size, 0, (long) none) == NOT_ALIGNED) {
    size *= 2;
  }
  return size;
}

/* Counts of an array that collectors move meanwhile, before it is pinned for a count. */
enum { COUNTS_UNPINNED = 3 };

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

/* The last address where the writes below are: each a page after the one before. */
static char *last_written(jlong from, jlong to, jint page) {
  return (char *) (from + (to - 1 - from) / page * page);
}

/*
 * Writes an int at each page size from an address on, below another. First the kernel makes the
 * pages resident in one call, which it can since Linux 5.14; without that each write is a page
 * fault. In huge pages, one write each is then enough.
 */
EXPORT Java_io_allocmem_pages_JniPages_write(JNIEnv *jvm, jclass type, jlong from, jlong to,
                                             jint page, jint huge) {
  long error = 0;
  if (from < to) {
    char *first = page_of((char *) from, page);
    char *last = last_written(from, to, page);
    error = system_call(SYS_MADVISE, first, last + 1 - first, MADV_POPULATE_WRITE);
    /* user-mode emulation (qemu-user) answers 0 to advice that it does not know */
    jint whole = huge > page && !error && count(first, last + 1, page) > last - first;
    jint step = whole ? huge : page;
    for (char *at = (char *) from; at <= last; at += step) {
      *(volatile int *) at = 1;
    }
  }
  return error;
}

/*
 * Asks for huge pages in the whole huge pages between two addresses, before they are touched. Zero,
 * also if there is none, or negative: an errno.
 */
EXPORT Java_io_allocmem_pages_JniPages_adviseHuge(JNIEnv *jvm, jclass type, jlong from, jlong to,
                                            jint huge) {
  char *first = page_from((char *) from, huge);
  char *end = page_of((char *) to, huge);
  return first < end ? system_call(SYS_MADVISE, first, end - first, MADV_HUGEPAGE) : 0;
}

/*
 * Locks the pages that writing between two addresses touches, each at its first touch, or unlocks
 * them. Zero or negative: an errno.
 */
EXPORT Java_io_allocmem_pages_JniPages_lock(JNIEnv *jvm, jclass type, jlong from, jlong to,
                                            jint page, jboolean on) {
  if (from >= to) {
    return 0;
  }
  char *first = page_of((char *) from, page);
  unsigned long bytes = last_written(from, to, page) + 1 - first;
  return system_call(on ? SYS_MLOCK2 : SYS_MUNLOCK, first, bytes, MLOCK_ONFAULT);
}

/* An address in the stack of the thread that calls. */
EXPORT Java_io_allocmem_pages_JniPages_stackPointer(JNIEnv *jvm, jclass type) {
  return (jlong) __builtin_frame_address(0);
}
