"""Files linked by Apache Spark, for what outgrows one machine: the steps of `batch`, and the same clusters.

Spark's tasks run the very functions of `batch`; here is only how work is dealt out and gathered:

    block.py    keys by ranges of records; blocks by key, each whole in one task; pairs by their left record
    link.py     the model learned, pairs scored where they lie, what is probable gathered, clusters
    ship.py     what every task reads, as one file that the processes of a machine share
    session.py  Spark started, and Java found

The driver alone reads and normalises the files, learns (from a sample of the pairs, the one that `batch` takes) and
clusters. It holds the records as codes, a few hundred bytes each, and the pairs of probability 0.01 or more; so do
executors hold the records, once a machine. What grows faster is spread over them: keys, blocks, all pairs proposed and
their comparison. Keys of mapped columns are made on the driver as well, since which are worth making depends on all
records.

Equal to the last bit on processors of one kind. One difference is left: refined blocks whose 64-bit keys collide once
cut to what a place leaves of 63 bits are taken for one block by `batch`, and here only where one task has both.
"""
