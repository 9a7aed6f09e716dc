/*
 * The file of a backup: blocks, each compressed, each with a hash that covers the block and all
 * before it. docs/formats/backup.md.
 *
 *   file   a line that says what it is, then blocks
 *   block  kind, 1 byte · bytes packed, 32 bits · bytes unpacked, 32 bits · hash, 32 bytes · packed
 *   hash   SHA-256(hash of the block before, or 32 zero bytes || kind || the two sizes || packed)
 *
 * Numbers have the most significant byte first. The last block is of kind END, and nothing follows:
 * its hash is that of the whole. A bit that is changed, and a block that is missing, moved or cut
 * off, shows at that block.
 */
#ifndef TU_DATADIR_BLOCKS_H
#define TU_DATADIR_BLOCKS_H

#include <stdint.h>

#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

#include "base/sha256.h"

enum tu_block_kind {
	TU_BLOCK_MANIFEST = 'M', /* JSON: what the backup is of */
	TU_BLOCK_ROWS = 'R', /* 16 bits: table, by its place in the manifest; 32 bits: how many
				rows; the rows (store/dump.h) */
	TU_BLOCK_END = 'E' /* JSON: how many rows of each table */
};

#define TU_BLOCK_MAX ((size_t)6 << 28) /* unpacked */

struct tu_blocks_writer {
	int fd; /* from its present position on */
	uint8_t hash[TU_SHA256_BYTES];
	uint64_t bytes; /* so far */
	struct tu_buf packed;
};

/* TU_E_IO. End with tu_blocks_writer_done(), whatever the status. */
TU_NODISCARD enum tu_status tu_blocks_begin(
	struct tu_blocks_writer *writer, int fd, struct tu_error *err);
TU_NODISCARD enum tu_status tu_blocks_add(struct tu_blocks_writer *writer, enum tu_block_kind kind,
	struct tu_str content, struct tu_error *err);
void tu_blocks_writer_done(struct tu_blocks_writer *writer);

struct tu_blocks_reader {
	int fd; /* read by position: a regular file */
	uint64_t at; /* byte */
	uint64_t block; /* from 1; of the last one that was read */
	uint64_t block_at; /* where it begins */
	uint8_t hash[TU_SHA256_BYTES];
	struct tu_buf packed, content;
	bool ended;
};

/* TU_E_SYNTAX: no backup; TU_E_UNSUPPORTED: one of a later form; TU_E_IO. */
TU_NODISCARD enum tu_status tu_blocks_open(
	struct tu_blocks_reader *reader, int fd, struct tu_error *err);
/* The next block; its content is valid until the one after it. TU_E_CORRUPT names block and byte,
 * also when the file ends before the END or goes on after it. Not to be called after the END. */
TU_NODISCARD enum tu_status tu_blocks_next(struct tu_blocks_reader *reader,
	enum tu_block_kind *out_kind, struct tu_str *out_content, struct tu_error *err);
/* What is in the block that was read last is not what it should be: TU_E_CORRUPT, with its place
 * before the message of `err`. */
enum tu_status tu_blocks_refuse(const struct tu_blocks_reader *reader, struct tu_error *err);
void tu_blocks_reader_done(struct tu_blocks_reader *reader);

#endif
