//! The blocks of one scan, in the order of the file.
//! It refuses scans whose tables are missing.

use super::File;
use super::bits::Bits;
use super::entropy::{self, Coding, Running, Steps};
use super::huffman::Huffman;
use super::segments::{Frame, Scan};
use crate::errors::Refusal;
use crate::simd::idct::Block;

/// A block of each unit of a scan.
pub struct BlockOfUnit {
    /// Which part of the scan.
    pub part: usize,
    /// Which component.
    pub index: usize,
    /// Its column within the unit.
    pub x: usize,
    /// Its row within the unit.
    pub y: usize,
    /// Columns and rows of such blocks in the unit.
    pub across: (usize, usize),
}

/// Decodes the blocks of one scan in order.
pub struct ScanDecoder<'a> {
    bits: Bits<'a>,
    running: Running,
    coding: Coding,
    scan: &'a Scan,
    /// For each part of the scan: its tables, where the coding needs them.
    tables: Vec<(Option<&'a Huffman>, Option<&'a Huffman>)>,
    restart_interval: usize,
    until_restart: usize,
    restarts: u8,
    /// Units across and down.
    pub units: (usize, usize),
    is_skipping: bool,
}

impl<'a> ScanDecoder<'a> {
    /// Starts behind the scan's header.
    pub fn new(file: &'a File<'_>, frame: &Frame, scan: &'a Scan) -> Result<Self, Refusal> {
        let coding = Coding::of(scan, frame.is_progressive);
        let mut tables = Vec::with_capacity(scan.parts.len());
        for (_, dc, ac) in &scan.parts {
            let dc = file.tables.dc.get(*dc).and_then(Option::as_ref);
            let ac = file.tables.ac.get(*ac).and_then(Option::as_ref);
            if coding.needs_dc() && !dc.is_some_and(|table| table.symbols_within(15))
                || coding.needs_ac() && ac.is_none()
            {
                return Err(Refusal::Malformed);
            }
            tables.push((dc, ac));
        }
        let units = match &scan.parts[..] {
            [(index, _, _)] => frame.components[*index].blocks,
            _ => frame.units,
        };
        Ok(Self {
            bits: Bits::new(file.data, file.place),
            running: Running::default(),
            coding,
            scan,
            tables,
            restart_interval: file.tables.restart_interval,
            until_restart: file.tables.restart_interval,
            restarts: 0,
            units,
            is_skipping: false,
        })
    }

    /// Before each unit: takes the restart marker that may be due.
    #[inline(always)]
    pub fn start_unit(&mut self) -> Result<(), Refusal> {
        if self.restart_interval > 0 {
            if self.until_restart == 0 {
                self.bits.restart(self.restarts)?;
                self.restarts = (self.restarts + 1) % 8;
                self.running = Running::default();
                self.until_restart = self.restart_interval;
            }
            self.until_restart -= 1;
        }
        // As libjpeg: a unit in which the data ran out is finished with zeros, later ones skipped.
        self.is_skipping = self.bits.is_starved();
        Ok(())
    }

    /// The blocks of a unit, in their order.
    pub fn unit(&self, frame: &Frame) -> Vec<BlockOfUnit> {
        let is_lone = self.scan.parts.len() == 1;
        let parts = self.scan.parts.iter().enumerate();
        let blocks = parts.flat_map(|(part, (index, _, _))| {
            let across = if is_lone { (1, 1) } else { frame.components[*index].sampling };
            let places = (0..across.1).flat_map(move |y| (0..across.0).map(move |x| (x, y)));
            places.map(move |(x, y)| BlockOfUnit { part, index: *index, x, y, across })
        });
        blocks.collect()
    }

    /// One block of a sequential scan, its coefficients times their steps, and whether it has more
    /// than the first.
    #[inline(always)]
    pub fn sequential(
        &mut self,
        part: usize,
        steps: &Steps,
        block: &mut Block,
    ) -> Result<bool, Refusal> {
        match self.tables[part] {
            _ if self.is_skipping => Ok(false),
            (Some(dc), Some(ac)) => {
                self.running.sequential(&mut self.bits, part, (dc, ac), steps, block)
            }
            _ => Err(Refusal::Malformed),
        }
    }

    /// Goes past one block of a sequential scan.
    #[inline(always)]
    pub fn pass_over(&mut self, part: usize) -> Result<(), Refusal> {
        match self.tables[part] {
            _ if self.is_skipping => Ok(()),
            (Some(dc), Some(ac)) => entropy::pass_over(&mut self.bits, (dc, ac)),
            _ => Err(Refusal::Malformed),
        }
    }

    /// One block of any scan.
    #[inline]
    pub fn block(&mut self, part: usize, block: &mut Block) -> Result<(), Refusal> {
        if self.is_skipping {
            return Ok(());
        }
        let Self { bits, running, scan, .. } = self;
        match (self.coding, self.tables[part]) {
            (Coding::Sequential, (Some(dc), Some(ac))) => {
                running.sequential(bits, part, (dc, ac), &Steps::ONE, block).map(|_| ())
            }
            (Coding::DcFirst, (Some(dc), _)) => running.dc_first(bits, part, dc, scan.low, block),
            (Coding::DcRefine, _) => running.dc_refine(bits, scan.low, block),
            (Coding::AcFirst, (_, Some(ac))) => {
                running.ac_first(bits, ac, scan.band, scan.low, block)
            }
            (Coding::AcRefine, (_, Some(ac))) => {
                running.ac_refine(bits, ac, scan.band, scan.low, block)
            }
            _ => Err(Refusal::Malformed),
        }
    }

    /// Where the bytes after the scan start: at a marker's second byte if one was met.
    pub fn end(&self) -> (usize, Option<u8>) {
        self.bits.end()
    }
}
