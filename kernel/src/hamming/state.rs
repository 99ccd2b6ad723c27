//! What the index holds at one moment, and the changes that are made in place.
//! It refuses to move entries between its parts: merging does that.

use super::build::Entry;
use super::delta::Delta;
use super::layout::Section;
use super::segment::{Bits, Segment};
use std::sync::Arc;

/// Segments, what is being merged into one, and what came since.
#[derive(Debug, Default)]
pub struct State {
    /// Largest first.
    pub segments: Vec<Live>,
    /// Being merged: nothing is added, but entries may still go.
    pub frozen: Option<Frozen>,
    /// New entries.
    pub delta: Delta,
}

/// A segment and what was removed from it or disabled in it since it was made.
#[derive(Debug, Clone)]
pub struct Live {
    /// Never changes.
    pub segment: Arc<Segment>,
    /// Entries that were not removed.
    pub alive: Bits,
    /// Entries that may be found: alive and enabled.
    pub visible: Bits,
    /// Number of entries that were removed.
    pub dead: usize,
}

/// Entries that are being merged.
#[derive(Debug, Default)]
pub struct Frozen {
    /// The entries.
    pub delta: Delta,
    /// Ids of those that changed since.
    pub changed: Vec<u64>,
}

impl Live {
    /// A segment as it was made.
    pub fn new(segment: Arc<Segment>) -> Self {
        let bits = |section| Bits(segment.section::<u64>(section).to_vec());
        let (alive, visible) = (bits(Section::Alive), bits(Section::Visible));
        let dead = segment.layout.entries().saturating_sub(alive.count());
        Self { segment, alive, visible, dead }
    }

    /// Number of entries that were not removed.
    pub fn len(&self) -> usize {
        self.segment.layout.entries() - self.dead
    }

    /// The entry with this id, if it was not removed.
    pub fn find(&self, id: u64) -> Option<usize> {
        self.segment.find(id).filter(|entry| self.alive.get(*entry))
    }

    /// Marks an entry as removed; says whether it was there.
    pub fn remove(&mut self, id: u64) -> bool {
        let Some(entry) = self.find(id) else {
            return false;
        };
        self.alive.set(entry, false);
        self.visible.set(entry, false);
        self.dead += 1;
        true
    }

    /// Lets an entry be found, or not; says whether it is there.
    pub fn set_enabled(&mut self, id: u64, enabled: bool) -> bool {
        let Some(entry) = self.find(id) else {
            return false;
        };
        self.visible.set(entry, enabled);
        true
    }

    /// All entries that were not removed.
    pub fn entries(&self) -> impl Iterator<Item = Entry> {
        let holders = self.segment.holders();
        let all = 0..self.segment.layout.entries();
        all.filter(|entry| self.alive.get(*entry)).map(move |entry| Entry {
            id: holders.id(entry),
            code: holders.code(entry),
            bank: holders.bank(entry),
            enabled: self.visible.get(entry),
        })
    }
}

impl State {
    /// Number of entries.
    pub fn len(&self) -> usize {
        self.segments.iter().map(Live::len).sum::<usize>() + self.pending()
    }

    /// Entries that are in no segment yet.
    pub fn pending(&self) -> usize {
        self.delta.len() + self.frozen.as_ref().map_or(0, |frozen| frozen.delta.len())
    }

    /// Whether there is an entry with this id.
    pub fn contains(&self, id: u64) -> bool {
        self.delta.get(id).is_some()
            || self.frozen.as_ref().is_some_and(|frozen| frozen.delta.get(id).is_some())
            || self.segments.iter().any(|live| live.find(id).is_some())
    }

    /// Adds an entry, or replaces the one with the same id.
    pub fn insert(&mut self, entry: &Entry) {
        self.remove(entry.id);
        self.delta.push(entry);
    }

    /// Takes an entry out; says whether it was there.
    pub fn remove(&mut self, id: u64) -> bool {
        self.delta.remove(id)
            || self.frozen.as_mut().is_some_and(|frozen| {
                let was_there = frozen.delta.remove(id);
                frozen.changed.extend(was_there.then_some(id));
                was_there
            })
            || self.segments.iter_mut().any(|live| live.remove(id))
    }

    /// Lets an entry be found, or not; says whether it is there.
    pub fn set_enabled(&mut self, id: u64, enabled: bool) -> bool {
        self.delta.set_enabled(id, enabled)
            || self.frozen.as_mut().is_some_and(|frozen| {
                let is_there = frozen.delta.set_enabled(id, enabled);
                frozen.changed.extend(is_there.then_some(id));
                is_there
            })
            || self.segments.iter_mut().any(|live| live.set_enabled(id, enabled))
    }

    /// Bytes of memory, shared or not.
    pub fn bytes(&self) -> usize {
        let segments = self.segments.iter().map(|live| {
            live.segment.layout.bytes() + (live.alive.0.len() + live.visible.0.len()) * 8
        });
        let frozen = self.frozen.as_ref().map_or(0, |frozen| frozen.delta.bytes());
        segments.sum::<usize>() + frozen + self.delta.bytes()
    }
}
