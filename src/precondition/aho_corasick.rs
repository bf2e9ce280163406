//! An automaton for many suffixes, in which a byte costs the same whatever the suffixes are.

/// How many bytes the suffixes may have together. Each has a node at most, and the root is one more.
pub(super) const MOST_BYTES: usize = NODES - 1;

/// How many suffixes there may be.
pub(super) const MOST: usize = LENGTHS - 1;

const NODES: usize = 1 << 12;
const LENGTHS: usize = 1 << 9;
const EDGES: usize = 2 * LENGTHS;

/// Finds at each byte which suffixes end there (the Aho-Corasick algorithm).
///
/// After each byte, the current node is that of the longest end of the bytes that also begins a
/// suffix. The root is that of no bytes.
pub(super) struct AhoCorasick<'m> {
    /// The nodes of the beginnings of one byte, or else the root.
    root: &'m mut [u16; 256],
    /// The first one is the root. Longer beginnings come after shorter ones.
    nodes: &'m mut [Node; NODES],
    /// Sets of suffixes that end at one place: bit `length - 1` is set for each. A node has the index
    /// of its set.
    lengths: &'m mut [u64; LENGTHS],
    /// The second and later children of each node, in a hash table. The root has a table of its own.
    edges: &'m mut [Edge; EDGES],
}

const ROOT: usize = 0;

/// A byte that no suffix has.
const NO_BYTE: u8 = b'"';

/// The parts of a node in one word: it is then quick to fill a table with them.
#[derive(Clone, Copy)]
struct Node(u64);

impl Node {
    /// A node without children, whose shorter one is the root.
    const LEAF: Self = Self::new(ROOT, 0);
    const MORE: u64 = 1 << 8;

    const fn new(fail: usize, lengths: usize) -> Self {
        Self(NO_BYTE as u64 | (fail as u64) << 32 | (lengths as u64) << 55)
    }

    /// The byte before the first child.
    const fn byte(self) -> u8 {
        self.0 as u8
    }

    /// There are more children. All of the root's are among them.
    const fn has_more(self) -> bool {
        self.0 & Self::MORE != 0
    }

    const fn child(self) -> usize {
        (self.0 >> 16) as usize % NODES
    }

    /// It has no children, and is not the root.
    const fn is_leaf(self) -> bool {
        self.0 & (Self::MORE | (NODES as u64 - 1) << 16) == 0
    }

    /// The node of the next longest end of the same bytes.
    const fn fail(self) -> usize {
        (self.0 >> 32) as usize % NODES
    }

    const fn lengths(self) -> usize {
        (self.0 >> 55) as usize % LENGTHS
    }

    const fn with_child(self, byte: u8, child: usize) -> Self {
        Self(self.0 & !0xFF | byte as u64 | (child as u64) << 16)
    }

    const fn with_lengths(self, lengths: usize) -> Self {
        Self(self.0 << 9 >> 9 | (lengths as u64) << 55)
    }
}

/// A parent and a byte, and the child.
#[derive(Clone, Copy)]
struct Edge(u64);

impl Edge {
    const NONE: Self = Self::new(Self::key(ROOT, NO_BYTE), ROOT);

    const fn new(key: u32, child: usize) -> Self {
        Self(key as u64 | (child as u64) << 32)
    }

    const fn key(parent: usize, byte: u8) -> u32 {
        (parent as u32) << 8 | byte as u32
    }

    const fn has(self, key: u32) -> bool {
        self.0 as u32 == key
    }

    const fn child(self) -> usize {
        (self.0 >> 32) as usize % NODES
    }

    /// The place where a key is looked for first.
    const fn place(key: u32) -> usize {
        (key.wrapping_mul(0x9E37_79B1) >> 22) as usize % EDGES
    }
}

/// Makes the automaton for these suffixes, of which there are not too many.
///
/// It is on the stack, because an evaluation allocates nothing.
#[inline(always)]
pub(super) fn with<T>(all: &[&str], use_it: impl FnOnce(&AhoCorasick<'_>) -> T) -> T {
    // Arrays are filled where they are, while a value that contains them could be moved.
    let mut root = [ROOT as u16; 256];
    let mut nodes = [Node::LEAF; NODES];
    let mut lengths = [0; LENGTHS];
    let mut edges = [Edge::NONE; EDGES];
    nodes[ROOT].0 |= Node::MORE;
    let mut automaton = AhoCorasick {
        root: &mut root,
        nodes: &mut nodes,
        lengths: &mut lengths,
        edges: &mut edges,
    };
    automaton.learn(all);
    use_it(&automaton)
}

impl AhoCorasick<'_> {
    /// Adds all beginnings of one length before those that are longer, so that all nodes that a new
    /// one depends on are complete.
    #[inline(never)]
    fn learn(&mut self, all: &[&str]) {
        // The suffixes that are longer, and their nodes.
        let mut longer = [(0, ROOT as u16); LENGTHS];
        let mut count = all.len().min(MOST);
        for (index, place) in (0_u16..).zip(&mut longer[..count]) {
            *place = (index, ROOT as u16);
        }
        let (mut nodes, mut lengths) = (1, 1);
        let mut length = 1;
        while count > 0 {
            let mut kept = 0;
            for at in 0..count {
                let (index, parent) = longer[at];
                let parent = usize::from(parent) % NODES;
                let suffix = all[usize::from(index)].as_bytes();
                let byte = suffix[length - 1];
                let above = self.nodes[parent];
                let node = if above.byte() == byte {
                    above.child()
                } else if above.is_leaf() {
                    // Most nodes have one child.
                    let node = nodes % NODES;
                    nodes += 1;
                    self.nodes[node] = self.new_node(above, byte);
                    self.nodes[parent] = above.with_child(byte, node);
                    node
                } else {
                    match self.other_child(parent, byte) {
                        ROOT => {
                            let node = nodes % NODES;
                            nodes += 1;
                            self.add_other(node, parent, byte);
                            node
                        }
                        node => node,
                    }
                };
                if suffix.len() > length {
                    longer[kept] = (index, node as u16);
                    kept += 1;
                } else {
                    let others = self.lengths[self.nodes[node].lengths()];
                    let these = others | 1 << (length - 1);
                    // A suffix that is named twice changes nothing.
                    if these != others {
                        self.nodes[node] = self.nodes[node].with_lengths(lengths);
                        self.lengths[lengths % LENGTHS] = these;
                        lengths += 1;
                    }
                }
            }
            count = kept;
            length += 1;
        }
    }

    /// Returns the child of a node, which is not the root, for this byte.
    #[inline(always)]
    fn new_node(&self, above: Node, byte: u8) -> Node {
        let fail = match above.fail() {
            ROOT => usize::from(self.root[usize::from(byte)]) % NODES,
            fail => self.next(fail, byte).unwrap_or(ROOT),
        };
        Node::new(fail, self.nodes[fail].lengths())
    }

    /// Adds a child that is not the first one. The parent has none for this byte.
    #[inline(never)]
    fn add_other(&mut self, node: usize, parent: usize, byte: u8) {
        if parent == ROOT {
            self.root[usize::from(byte)] = node as u16;
            return;
        }
        self.nodes[node] = self.new_node(self.nodes[parent], byte);
        self.nodes[parent].0 |= Node::MORE;
        let key = Edge::key(parent, byte);
        let mut at = Edge::place(key);
        while self.edges[at].child() != ROOT {
            at = (at + 1) % EDGES;
        }
        self.edges[at] = Edge::new(key, node);
    }

    /// Returns a child that is not the first one, or else the root.
    #[inline(always)]
    fn other_child(&self, parent: usize, byte: u8) -> usize {
        if parent == ROOT {
            return usize::from(self.root[usize::from(byte)]) % NODES;
        }
        let key = Edge::key(parent, byte);
        let mut at = Edge::place(key);
        loop {
            let edge = self.edges[at];
            if edge.has(key) || edge.child() == ROOT {
                return edge.child();
            }
            at = (at + 1) % EDGES;
        }
    }

    /// Returns the node after one more byte, or `None` if it is the root.
    #[inline(always)]
    fn next(&self, mut node: usize, byte: u8) -> Option<usize> {
        loop {
            let it = self.nodes[node];
            if it.byte() == byte {
                // The root only if no suffix has the byte.
                return Some(it.child());
            }
            if it.has_more() {
                let child = self.other_child(node, byte);
                if child != ROOT {
                    return Some(child);
                }
                if node == ROOT {
                    return None;
                }
            }
            node = it.fail();
        }
    }

    /// Reports whether the bytes are a sequence of suffixes.
    #[inline(never)]
    pub(super) fn accepts(&self, bytes: &[u8]) -> bool {
        let mut node = ROOT;
        // Bit `k` is set if the bytes read so far, but for the last `k`, are a sequence. No suffix is
        // longer than 63 bytes, so 64 bits are enough.
        let mut reached = 1_u64;
        for byte in bytes {
            node = match self.next(node, *byte) {
                Some(node) => node,
                // No suffix has begun.
                None => return false,
            };
            let complete = self.lengths[self.nodes[node].lengths()] & reached != 0;
            reached = reached << 1 | u64::from(complete);
        }
        reached & 1 != 0
    }
}
