//! A part of a frame.

use std::ops::Range;

use crate::frame::Frame;
use crate::geometry::{MAX_COORDINATE, Quad, QuadError};

/// A part of a frame, in whole pixels: `[x, x + width) x [y, y + height)`, at least one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// First column.
    pub x: u32,
    /// First row.
    pub y: u32,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

/// Why a rectangle is not a [`Region`] of a frame.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("the region x {x}, y {y}, {width}x{height} shows nothing of the frame, which is {frame_width}x{frame_height}")]
pub struct RegionError {
    x: f32,
    y: f32,
    width: f32,
    height: f32,
    frame_width: u32,
    frame_height: u32,
}

impl Region {
    /// The whole of `frame`.
    pub fn of_frame(frame: &Frame) -> Region {
        Region { x: 0, y: 0, width: frame.width(), height: frame.height() }
    }

    /// The pixels of `frame` that the rectangle touches.
    ///
    /// # Errors
    /// When it touches none, or is not finite.
    pub fn within(frame: &Frame, x: f32, y: f32, width: f32, height: f32) -> Result<Region, RegionError> {
        let span = |low: f32, length: f32, size: u32| -> Option<Range<u32>> {
            let finite = low.abs() <= MAX_COORDINATE && length > 0.0 && length <= 2.0 * MAX_COORDINATE;
            let start = low.floor().clamp(0.0, size as f32) as u32;
            let end = (low + length).ceil().clamp(0.0, size as f32) as u32;
            (finite && start < end).then_some(start..end)
        };
        match (span(x, width, frame.width()), span(y, height, frame.height())) {
            (Some(columns), Some(rows)) => Ok(Region {
                x: columns.start,
                y: rows.start,
                width: columns.end - columns.start,
                height: rows.end - rows.start,
            }),
            _ => {
                let (frame_width, frame_height) = (frame.width(), frame.height());
                Err(RegionError { x, y, width, height, frame_width, frame_height })
            }
        }
    }

    /// The region's outline.
    ///
    /// # Errors
    /// Never for a region of a frame.
    pub fn outline(&self) -> Result<Quad, QuadError> {
        Quad::rect(self.x as f32, self.y as f32, self.width as f32, self.height as f32)
    }
}
