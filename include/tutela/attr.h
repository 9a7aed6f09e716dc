/*
 * Attributes and small macros shared by every public header.
 */
#ifndef TUTELA_ATTR_H
#define TUTELA_ATTR_H

#define TU_API __attribute__((visibility("default")))
#define TU_NODISCARD __attribute__((warn_unused_result))
#define TU_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

#define TU_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
