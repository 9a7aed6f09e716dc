/*
 * Attributes and small macros shared by every public header.
 */
#ifndef TUTELA_ATTR_H
#define TUTELA_ATTR_H

#define TU_API __attribute__((visibility("default")))
#define TU_NODISCARD __attribute__((warn_unused_result))
#define TU_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

#define TU_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What is between these two has C linkage, also when a C++ compiler reads it. */
#ifdef __cplusplus
#define TU_BEGIN_C extern "C" {
#define TU_END_C }
#else
#define TU_BEGIN_C
#define TU_END_C
#endif

#endif
