/*
 * What is embedded in the program at build: the starter knowledge base, compiled from data/starter
 * with data/aliases, and the table of product names, which every knowledge base gets.
 *
 * Read-only memory, 64-byte aligned; valid for the life of the program.
 */
#ifndef TU_CLI_STARTER_H
#define TU_CLI_STARTER_H

extern const unsigned char tu_starter_kb_start[];
extern const unsigned char tu_starter_kb_end[];
extern const unsigned char tu_products_tsv_start[];
extern const unsigned char tu_products_tsv_end[];

#endif
